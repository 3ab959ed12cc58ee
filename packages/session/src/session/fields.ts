import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../contract.ts";
import { SessionFieldError } from "../errors.ts";
import type { ReservedNames } from "./app-session.ts";

/** What a session object has itself: a field of that name could not be set, and would hide what it does. */
const RESERVED = Object.keys({
  info: true,
  sessionOutcome: true,
  save: true,
  update: true,
  regenerate: true,
  destroy: true,
} satisfies Record<ReservedNames, true>);

/** The own property that `JSON.parse` makes and that an assignment takes for the prototype. */
const PROTOTYPE = "__proto__";

/**
 * Fields as JSON has them: what it cannot hold is dropped.
 *
 * @throws SessionFieldError for a reserved name, and for `__proto__` at any depth
 */
export function toData(fields: object): JsonObject {
  const reserved = RESERVED.find(
    (name) => Object.hasOwn(fields, name) && isEnumerable(fields, name),
  );
  if (reserved) throw new SessionFieldError(reserved);
  if (hasForeignPrototype(fields)) throw new SessionFieldError(PROTOTYPE);
  const data = JSON.parse(JSON.stringify(fields)) as JsonObject;
  const path = findPrototype(data, "");
  if (path) throw new SessionFieldError(path);
  return data;
}

/** Takes out what `toData` would refuse: data from before it did, or from another program. */
export function withoutReserved(data: JsonObject): JsonObject {
  for (const name of RESERVED) delete data[name];
  deletePrototypes(data);
  return data;
}

/** True after `Object.assign(fields, JSON.parse(body))`, which sets the prototype instead of a field. */
function hasForeignPrototype(fields: object): boolean {
  const prototype = Object.getPrototypeOf(fields);
  return prototype !== null && typeof ownConstructor(prototype) !== "function";
}

const ownConstructor = (prototype: object) =>
  Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;

/** The methods of a session object are its own properties too, and not enumerable. */
const isEnumerable = (fields: object, name: string) =>
  Object.prototype.propertyIsEnumerable.call(fields, name);

function findPrototype(value: unknown, path: string): string | null {
  if (typeof value !== "object" || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    const at = path ? `${path}.${name}` : name;
    const found = name === PROTOTYPE ? at : findPrototype(inner, at);
    if (found) return found;
  }
  return null;
}

function deletePrototypes(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Object.hasOwn(value, PROTOTYPE)) delete (value as JsonObject)[PROTOTYPE];
  for (const inner of Object.values(value)) deletePrototypes(inner);
}

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
