/** What an app uses. Its own `src/session.ts` builds `getSession()` on this. */
export type { AuthFields, SignedInUser } from "./auth/options.ts";
export * from "./errors.ts";
export { bootId, dynoName } from "./http/dyno.ts";
export { problem, sessionProblem } from "./http/problem.ts";
export { isStopping } from "./http/shutdown.ts";
export { readJson } from "./next/bodies.ts";
export { refusePage } from "./next/proxy.ts";
export { route } from "./next/route.ts";
export type { AppSession, Saved, SessionInfo, SessionOutcome } from "./session/app-session.ts";
export type { MySession, MySessions } from "./session/my-sessions.ts";
export { type Sessions, sessions } from "./sessions.ts";
