import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../contract.ts";
import { SessionFieldError } from "../errors.ts";
import type { ReservedNames } from "./app-session.ts";

/** The properties of a session object itself. A field with such a name would hide the property. */
const RESERVED = Object.keys({
  info: true,
  sessionOutcome: true,
  save: true,
  update: true,
  regenerate: true,
  destroy: true,
} satisfies Record<ReservedNames, true>);

/** `JSON.parse` creates it as a property, and an assignment sets the prototype instead. */
const PROTOTYPE = "__proto__";

/**
 * Fields as JSON has them: what it cannot hold is dropped.
 *
 * @throws SessionFieldError for a reserved name, and for `__proto__` at any depth
 */
export function toData(fields: object): JsonObject {
  const reserved = RESERVED.find((name) => Object.hasOwn(fields, name));
  if (reserved) throw new SessionFieldError(reserved);
  if (hasForeignPrototype(fields)) throw new SessionFieldError(PROTOTYPE);
  const data = JSON.parse(JSON.stringify(fields)) as JsonObject;
  const path = findPrototype(data, "");
  if (path) throw new SessionFieldError(path);
  return data;
}

/** A copy of what JSON can hold. `structuredClone` and JSON take several times as long for a session. */
export function copyOf<T extends Json | undefined>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: JsonObject = {};
  for (const name of Object.keys(value)) copy[name] = copyOf(value[name]);
  return copy as T;
}

/** Removes the names that `toData` refuses: older data, or another program's, may have them. */
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
 * The data of the session that a sign-in starts. Data is carried over from anonymous to signed in and within one user,
 * never from one user to another: someone who signs in over another user's live session gets none of its data.
 *
 * @param before the data of the old session; null where it is gone
 * @param more what the sign-in adds; `user` is the user who signed in
 */
export function carryOver(before: JsonObject | null, more: JsonObject): JsonObject {
  return isOtherUser(before?.user, more.user) ? more : { ...before, ...more };
}

function isOtherUser(before: Json | undefined, after: Json | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return !isDeepStrictEqual(identity(before), identity(after));
}

/**
 * The id of the user whose session this is; null for an anonymous session, and for a user without an `id`: names change,
 * and users share them.
 */
export function userIdOf({ user }: { user?: unknown }): string | null {
  const { id } = Object(user) as { id?: unknown };
  return typeof id === "string" || typeof id === "number" ? String(id) : null;
}

/** The id: names change, and users share them. */
function identity(user: Json): Json {
  const isObject = typeof user === "object" && user !== null && !Array.isArray(user);
  return isObject ? (user.id ?? user) : user;
}
