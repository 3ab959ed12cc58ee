import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../contract.ts";

/**
 * What the session that a sign-in begins holds. Data moves from anonymous to signed in, or within one user, never
 * from one user to another: who signs in over somebody else's live session begins with nothing of it.
 *
 * @param before What the old session holds; null where it is gone.
 * @param more What the sign-in adds; `user` says who signed in.
 */
export function carryOver(before: JsonObject | null, more: JsonObject): JsonObject {
  return isSomebodyElse(before?.user, more.user) ? more : { ...before, ...more };
}

function isSomebodyElse(before: Json | undefined, after: Json | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return !isDeepStrictEqual(identity(before), identity(after));
}

/** Names change and are shared by many; the id does not and is not. */
function identity(user: Json): Json {
  const isObject = typeof user === "object" && user !== null && !Array.isArray(user);
  return isObject ? (user.id ?? user) : user;
}
