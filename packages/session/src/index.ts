// For app code: `import { … } from "@/session"` (the app's own file), which is built on this.
export type { AppSession, Saved, SessionInfo } from "./app-session.ts";
export type { AuthFields, SignedInUser } from "./auth-options.ts";
export * from "./config.ts";
export * from "./contract.ts";
export * from "./errors.ts";
export { fingerprint, isId, newId } from "./ids.ts";
export { expiryFromNow } from "./lifetime.ts";
export { problem, sessionProblem } from "./problem.ts";
export { bootId, dynoName, isStopping, lazy, once, servedBy } from "./process.ts";
export { type Refusal, refusals, refuse } from "./refusals.ts";
export { deriveKey } from "./seal.ts";
export { serverStrategy } from "./server-strategy.ts";
export { type Sessions, sessions } from "./sessions.ts";
export { STORE_LIMIT_MS, within } from "./time-limit.ts";
export { anotherTrip, type Meter, metered, trip } from "./trips.ts";
