import type { JsonObject } from "../contract.ts";
import { SessionFieldError } from "../errors.ts";
import type { SessionMethods } from "./app-session.ts";

/** Runs each call of a method in its request: it counts round trips and notes failures. */
export type Run = <T>(work: () => Promise<T>) => Promise<T>;

/** The state behind the object, which does the work. */
export interface Opened extends SessionMethods<JsonObject> {
  readonly run: Run;
}

/**
 * What app code gets: its own properties are the fields, so that `{ ...session }` and JSON contain nothing else, and the
 * rest is on the prototype. A class, because objects with their own closures took a tenth of a read's time.
 */
export class SessionObject implements SessionMethods<JsonObject> {
  readonly #opened: Opened;

  constructor(opened: Opened) {
    this.#opened = opened;
  }
  get info() {
    return this.#opened.info;
  }
  get sessionOutcome() {
    return this.#opened.sessionOutcome;
  }
  save() {
    return this.#opened.run(() => this.#opened.save());
  }
  update(change: (fields: JsonObject) => void) {
    return this.#opened.run(() => this.#opened.update(change));
  }
  regenerate(more?: Partial<JsonObject>) {
    return this.#opened.run(() => this.#opened.regenerate(more));
  }
  destroy() {
    return this.#opened.run(() => this.#opened.destroy());
  }
}
protect(SessionObject.prototype);

/**
 * Makes what is on the prototype of a session read-only, so that an assignment to `session.save` is an error, and makes
 * `Object.assign(session, JSON.parse(body))` with a field `__proto__` one too: it would replace the methods.
 */
function protect(prototype: object): void {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
    if (value && name !== "constructor") {
      Object.defineProperty(prototype, name, { writable: false });
    }
  }
  Object.defineProperty(prototype, "__proto__", {
    set() {
      throw new SessionFieldError("__proto__");
    },
  });
}
