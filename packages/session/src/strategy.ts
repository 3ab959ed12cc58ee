/** What a strategy or a store is written with. Nothing here needs Next. */
export {
  MAX_COOKIE_CHARACTERS,
  readWholeNumber,
  type SessionConfig,
  sessionConfig,
} from "./config.ts";
export type * from "./contract.ts";
export * from "./errors.ts";
export { lazy, singleton } from "./singletons.ts";
export { isId, newId, storeKey } from "./store/ids.ts";
export { expiryFromNow } from "./store/lifetime.ts";
export { withLock } from "./store/lock.ts";
export { Memo } from "./store/memo.ts";
export { type Refusal, refuse } from "./store/refusals.ts";
export { countRoundTrip, STORE_LIMIT_MS, within } from "./store/round-trips.ts";
export { deriveKey, ivSource } from "./store/seal.ts";
export { serverStrategy } from "./store/server-strategy.ts";
