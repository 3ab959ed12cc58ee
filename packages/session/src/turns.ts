import { once } from "./process.ts";

type Queues = Map<string, Promise<unknown>>;

/**
 * Writers of one session inside one process take turns: each conflict costs two trips and helps nobody.
 * Between dynos the store's versions decide. `waited` tells the work that somebody may have written meanwhile.
 */
export async function inTurn<T>(
  owner: object,
  key: string,
  work: (waited: boolean) => Promise<T>,
): Promise<T> {
  const byOwner = once("turns", () => new WeakMap<object, Queues>());
  const queues = byOwner.get(owner) ?? new Map<string, Promise<unknown>>();
  byOwner.set(owner, queues);
  const before = queues.get(key);
  const mine = (async () => {
    await before?.catch(() => {});
    return work(before !== undefined);
  })();
  queues.set(key, mine);
  try {
    return await mine;
  } finally {
    if (queues.get(key) === mine) queues.delete(key);
  }
}
