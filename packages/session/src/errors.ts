/** The store failed, so it is unknown whether the session exists. Never means "signed out". */
export class SessionStoreError extends Error {
  override readonly name = "SessionStoreError";
  static override [Symbol.hasInstance](error: unknown): boolean {
    return isNamed(error, "SessionStoreError");
  }
  /** "Postgres", "memcached", … */
  readonly store: string;

  constructor(store: string, cause: unknown) {
    super(`[session] ${store} fails: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.store = store;
  }
}

/** The data is larger than a session of this strategy can hold. */
export class SessionTooLargeError extends Error {
  override readonly name = "SessionTooLargeError";
  static override [Symbol.hasInstance](error: unknown): boolean {
    return isNamed(error, "SessionTooLargeError");
  }
  /** How many bytes of JSON fit. */
  readonly maxBytes: number;

  constructor(strategy: string, maxBytes: number) {
    super(
      `[session] A session of the ${strategy} strategy holds at most ${maxBytes} bytes of JSON, and this data is larger. Keep an id in the session and the data elsewhere.`,
    );
    this.maxBytes = maxBytes;
  }
}

/** Other requests wrote the session since it was read, and continued to. */
export class SessionConflictError extends Error {
  override readonly name = "SessionConflictError";
  static override [Symbol.hasInstance](error: unknown): boolean {
    return isNamed(error, "SessionConflictError");
  }

  constructor(strategy: string, wayOut: string) {
    super(`[session] Another request wrote the ${strategy} session meanwhile. ${wayOut}`);
  }
}

/** A field has a name that a session cannot store. Nothing was written. */
export class SessionFieldError extends Error {
  override readonly name = "SessionFieldError";
  static override [Symbol.hasInstance](error: unknown): boolean {
    return isNamed(error, "SessionFieldError");
  }
  /** The field, or the path to it: `profile.__proto__`. */
  readonly field: string;

  constructor(field: string) {
    super(
      `[session] A session field cannot be called \`${field}\`. Rename it, and copy only known fields from what a client sends.`,
    );
    this.field = field;
  }
}

/** Too many requests wait, or this one has waited too long. It was not tried, and changed nothing. */
export class SessionBusyError extends Error {
  override readonly name = "SessionBusyError";
  static override [Symbol.hasInstance](error: unknown): boolean {
    return isNamed(error, "SessionBusyError");
  }

  constructor(why: string) {
    super(`[session] Too many requests at once. ${why} Try again in a moment.`);
  }
}

/** The strategy cannot list or end the sessions of a user: its sessions are where no single dyno can reach them. */
export class SessionsNotListedError extends Error {
  override readonly name = "SessionsNotListedError";
  static override [Symbol.hasInstance](error: unknown): boolean {
    return isNamed(error, "SessionsNotListedError");
  }
  /** Why, and what to use instead, as whole sentences for the visitor too. */
  readonly reason: string;

  constructor(strategy: string, reason: string) {
    super(`[session] The ${strategy} strategy cannot list the sessions of a user. ${reason}`);
    this.reason = reason;
  }
}

/** The request has no session, or a session without a user, and the call is about the sessions of a user. */
export class NotSignedInError extends Error {
  override readonly name = "NotSignedInError";
  static override [Symbol.hasInstance](error: unknown): boolean {
    return isNamed(error, "NotSignedInError");
  }

  constructor() {
    super(
      "[session] Not signed in: this session has no `user` with an `id`. Sign in, then call it again.",
    );
  }
}

/** By name, because Next bundles pages and route handlers separately, each with a copy of these classes. */
function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
