const singletons = findSingletons();

/**
 * One object per process. Next bundles pages, route handlers and the proxy separately, so a module's own variables
 * exist once per bundle; pools, clients, memos and the boot id live on `globalThis` instead.
 *
 * @param key the same in every bundle
 * @param create called by the first caller only
 */
export function singleton<T>(key: string, create: () => T): T {
  if (!singletons.has(key)) singletons.set(key, create());
  return singletons.get(key) as T;
}

/** The same map in every bundle. Each bundle looks it up by its symbol only once, because the lookup is slow. */
function findSingletons(): Map<string, unknown> {
  const symbol = Symbol.for("sessions-across-dynos");
  const holder = globalThis as { [symbol]?: Map<string, unknown> };
  holder[symbol] ??= new Map();
  return holder[symbol];
}

/**
 * Defers `create` to the first call and keeps its result: config vars are read when a session is needed, not while a
 * build imports the file. When `create` throws, the next call tries again.
 */
export function lazy<T extends object>(create: () => T): () => T {
  let created: T | undefined;
  return () => {
    created ??= create();
    return created;
  };
}
