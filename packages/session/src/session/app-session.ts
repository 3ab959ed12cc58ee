/** "gone": the session was destroyed, expired or evicted meanwhile. It is not restored, and the fields are now empty. */
export type Saved = "saved" | "gone";

/** What became of the request's session cookie: there was no cookie, it opened a session, or it opened none. */
export type SessionOutcome = "none" | "found" | "lost";

export interface SessionInfo {
  /** Identifies the session without opening it. Changes with the id. */
  readonly fingerprint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface SessionMethods<Fields> {
  /** null where there is no session. */
  readonly info: SessionInfo | null;
  readonly sessionOutcome: SessionOutcome;
  /**
   * Writes the fields as this request set them. Starts a session where there is none. Makes no round trip where no field
   * changed.
   *
   * @returns "gone" where the session was ended meanwhile
   * @throws SessionConflictError where another request wrote since this one read: use `update` there
   * @throws SessionTooLargeError, SessionFieldError, SessionStoreError, SessionBusyError
   */
  save(): Promise<Saved>;
  /**
   * Changes the fields and loses no parallel write: where another request wrote meanwhile, it reads again and runs
   * `change` again. Starts a session where there is none.
   *
   * @param change gets the stored fields, without unsaved changes of this request, and changes them in place. It may run
   *   several times, so it must have no other effect.
   * @returns "gone" where the session was ended meanwhile: then nothing is written
   * @throws SessionConflictError where other requests never stop writing
   * @throws SessionTooLargeError, SessionFieldError, SessionStoreError, SessionBusyError
   */
  update(change: (fields: Partial<Fields>) => void): Promise<Saved>;
  /**
   * Gives the session a new id and ends the old one: at sign-in, so that an attacker's planted id does not survive
   * (session fixation, OWASP ASVS 7.2.4). Carries over what other requests wrote meanwhile, and nothing where one of them
   * ended the session.
   *
   * @param more fields to add. Where `more.user` is not the user that the session had, only these fields remain.
   * @throws SessionConflictError where other requests never stop writing
   * @throws SessionTooLargeError, SessionFieldError, SessionStoreError, SessionBusyError
   */
  regenerate(more?: Partial<Fields>): Promise<void>;
  /** Ends the session for good: no later write, of this request or of another one in progress, restores it. */
  destroy(): Promise<void>;
}

/** The visitor's session: its fields and its methods. A field may be absent, because a session starts empty. */
export type AppSession<Fields> = Partial<Fields> & SessionMethods<Fields>;

/** Names that a field cannot have. */
export type ReservedNames = keyof SessionMethods<unknown>;

/** The cookies of one request and its response. */
export interface CookieJar {
  get(): string | undefined;
  set(value: string, maxAgeSeconds: number): Promise<void>;
  delete(): Promise<void>;
  /** True where a read may set a cookie: in a route handler, not in a component. */
  readonly canRenew: boolean;
  /** The marker of ended sessions (ended-sessions.ts), a cookie beside the session cookie. */
  readonly ended: {
    get(): string | undefined;
    set(value: string, maxAgeSeconds: number): Promise<void>;
  };
}

/**
 * The type itself where JSON can hold it, and `never` where it cannot (a Date, a Map, a function, a bigint), so that the
 * compiler points at the field. `extends JsonObject` would reject every interface, which has no index signature.
 */
export type JsonFields<T> = {
  [K in keyof T]: T[K] extends string | number | boolean | null | undefined
    ? T[K]
    : T[K] extends (...args: never[]) => unknown
      ? never
      : T[K] extends object
        ? JsonFields<T[K]>
        : JsonPart<T[K]>;
};

/** For unions such as `string | { a: number }`: each member by itself. */
type JsonPart<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends (...args: never[]) => unknown
    ? never
    : T extends object
      ? JsonFields<T>
      : never;
