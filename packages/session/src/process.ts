import { randomBytes } from "node:crypto";

/** The same map in every bundle: looked up by its symbol once in each, because a lookup takes its time. */
const things = allThings();

/**
 * Makes a thing once per process. Next bundles pages, route handlers and the proxy apart, so a module's own
 * variables exist once per bundle; pools, clients, memos and the boot id live on `globalThis` instead.
 */
export function once<T>(key: string, make: () => T): T {
  if (!things.has(key)) things.set(key, make());
  return things.get(key) as T;
}

function allThings(): Map<string, unknown> {
  const symbol = Symbol.for("sessions-across-dynos");
  const holder = globalThis as { [symbol]?: Map<string, unknown> };
  holder[symbol] ??= new Map();
  return holder[symbol];
}

/** Makes it at the first call: config vars are read when a session is needed, not while a build imports the file. */
export function lazy<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Tells one start of a process from the next, which `$DYNO` does not: 16 hex characters. */
export function bootId(): string {
  return once("boot-id", () => randomBytes(8).toString("hex"));
}

/** `web.1` on Heroku; opaque, and not unique while dynos restart. */
export function dynoName(): string {
  return once("dyno-name", () => process.env.DYNO ?? "local");
}

/** The headers that tell which process answered. */
export function servedBy() {
  return { "x-dyno": dynoName(), "x-boot-id": bootId() };
}

/** True from SIGTERM on: /readyz then says 503, while requests under way are still answered. */
export function isStopping(): boolean {
  return stop().asked;
}

/** Called by `boot()`. Closing happens at exit, when Next has answered what was under way. */
export function closeAtExit(close: () => Promise<void>): void {
  const { closers } = stop();
  if (closers.size === 0) {
    process.once("SIGTERM", () => {
      stop().asked = true;
    });
    process.once("exit", () => {
      for (const each of closers) each().catch(() => {});
    });
  }
  closers.add(close);
}

function stop() {
  return once("stop", () => ({ asked: false, closers: new Set<() => Promise<void>>() }));
}
