// For app code: `import { … } from "@/session"` (the app's own file), which is built on this.

export type { AuthFields, SignedInUser } from "./auth/options.ts";
export * from "./config.ts";
export * from "./contract.ts";
export * from "./errors.ts";
export { problem, sessionProblem } from "./http/problem.ts";
export { bootId, dynoName, isStopping, lazy, once, servedBy } from "./process.ts";
export type { AppSession, Saved, SessionInfo } from "./session/app-session.ts";
export { type Sessions, sessions } from "./sessions.ts";
export { fingerprint, isId, newId } from "./store/ids.ts";
export { expiryFromNow } from "./store/lifetime.ts";
export { type Refusal, refusals, refuse } from "./store/refusals.ts";
export { anotherTrip, type Meter, metered, trip } from "./store/round-trips.ts";
export { deriveKey } from "./store/seal.ts";
export { serverStrategy } from "./store/server-strategy.ts";
export { STORE_LIMIT_MS, within } from "./store/time-limit.ts";
