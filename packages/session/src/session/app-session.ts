/** "gone": it was destroyed, expired or evicted meanwhile. It is not brought back, and the fields are empty now. */
export type Saved = "saved" | "gone";

/** What became of the request's session cookie: there was no cookie, it opened a session, or it opened none. */
export type SessionOutcome = "none" | "found" | "lost";

export interface SessionInfo {
  /** Identifies the session without being able to open it. A new one for a new id. */
  readonly fingerprint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface SessionMethods<Fields> {
  /** null where there is no session (yet). */
  readonly info: SessionInfo | null;
  readonly sessionOutcome: SessionOutcome;
  /**
   * Keeps the fields as they are now; begins the session where there is none. Costs nothing when they have not
   * changed. Throws `SessionConflictError` when somebody else wrote since this request read: use `update` there.
   */
  save(): Promise<Saved>;
  /**
   * Reads, lets `change` change, writes, and does it again when somebody else wrote meanwhile, so that no write is
   * lost; where that never ends, throws `SessionConflictError`. `change` gets the fields as they are kept, without what was set
   * here and not saved; it may run several times, so let it do nothing else.
   */
  update(change: (fields: Partial<Fields>) => void): Promise<Saved>;
  /**
   * A new id, the same fields (and what `more` adds), the old id dead: at sign-in, so that no planted id survives.
   * What other requests wrote meanwhile is taken over; where one of them ended the session, nothing is. Throws
   * `SessionConflictError` where others never stop writing.
   * Where `more.user` is another user than the session had, the fields are those of `more` alone.
   */
  regenerate(more?: Partial<Fields>): Promise<void>;
  /** Ends the session for good: what is saved later in this request, or was under way in another, does not bring it back. */
  destroy(): Promise<void>;
}

/** The visitor's session: its fields, and what can be done with it. A field may be absent: a session begins empty. */
export type AppSession<Fields> = Partial<Fields> & SessionMethods<Fields>;

/** Names that a field cannot have. */
export type ReservedNames = keyof SessionMethods<unknown>;

/** Where the session cookie comes from and goes to. */
export interface CookieJar {
  get(): string | undefined;
  set(value: string, maxAgeSeconds: number): Promise<void>;
  delete(): Promise<void>;
  /** True where a read may set a cookie too: in a route handler, not in a component. */
  readonly canRenew: boolean;
  /** The marker of ended sessions (ended-sessions.ts), a cookie beside the session cookie. */
  readonly ended: {
    get(): string | undefined;
    set(value: string, maxAgeSeconds: number): Promise<void>;
  };
}

/**
 * The type itself where JSON can hold it; where it cannot (a Date, a Map, a function, a bigint), `never` in its
 * place, so that the compiler points at the field. A type alias of its own because an interface has no index
 * signature and so never extends `JsonObject`.
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
