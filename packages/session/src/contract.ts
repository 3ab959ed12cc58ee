/** What a session can hold: what JSON can. `undefined` fields are dropped, as JSON drops them. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };
export type JsonObject = { [key: string]: Json | undefined };

/** One visitor's session, as a strategy hands it out. Times are in milliseconds since 1970. */
export interface Session {
  readonly id: string;
  /** The SHA-256 of the id, in hex: what a store knows of it. */
  readonly key: string;
  readonly data: JsonObject;
  readonly createdAt: number;
  /** The idle or the absolute end, whichever comes first. */
  readonly expiresAt: number;
  /** The value of the session cookie that stands for this session. */
  readonly cookie: string;
  /** What `update` compares; only its store can read it. "" where there is nothing to compare. */
  readonly version: string;
  readonly signIn?: SignIn | undefined;
}

/** What a signed-in session keeps for the list of its user's sessions. */
export interface SignIn {
  /** A label of the browser that signed in, such as "Firefox on Windows". */
  readonly device?: string | undefined;
  /** The fingerprints of the last ids that it had before this one: a list that shows one of them can still end it. */
  readonly formerly?: readonly string[] | undefined;
}

/** A session of a user, as `list` finds it: enough to show it and to end it, not to open it. */
export interface ListedSession {
  /** The SHA-256 of its id. The id itself is only in its visitor's browser. */
  readonly key: string;
  readonly device: string | null;
  /** As in `SignIn`. */
  readonly formerly: readonly string[];
  readonly createdAt: number;
  /**
   * When its expiry last moved, which it does at most once per tenth of the idle lifetime. In the last idle lifetime
   * before the absolute end the expiry no longer moves, nor does this.
   */
  readonly lastUsedAt: number;
}

export type UpdateResult =
  | { result: "saved"; session: Session }
  /** It was destroyed, expired or evicted. It is not restored. */
  | { result: "gone" }
  /** Another request wrote since it was read. */
  | { result: "conflict" };

/**
 * "gone": it no longer exists. "conflict": another request wrote since it was read, and it still exists. Both occur only
 * where a version was given.
 */
export type DestroyResult = "destroyed" | "gone" | "conflict";

/** A session strategy: a cookie value in, a cookie value out. */
export interface Strategy {
  /** For messages and the log: "cookie", "db", … */
  readonly name: string;
  /** How many bytes of JSON a session of this strategy can hold. */
  readonly maxBytes: number;
  /** Where the data is: in the cookie itself, or on a server, under the id in the cookie. */
  readonly keeps: "cookie" | "server";
  /**
   * Needed where the cookie keeps the data, so that moving the expiry makes a new cookie: when the cookie says that it
   * ends, in milliseconds since 1970. Cheap and unverified; good for deciding whether a renewal is worth trying.
   */
  peekExpiry?(cookie: string): number;
  /** null when missing, expired, tampered with, revoked or unknown. Throws only `SessionStoreError`. */
  read(cookie: string): Promise<Session | null>;
  /**
   * Creates a session with a new random id, never with an id from the client. Throws `SessionTooLargeError`. A session
   * whose data has a `user` with an `id` belongs to that user.
   *
   * @param signIn is kept where the session belongs to a user
   */
  create(data: JsonObject, signIn?: SignIn): Promise<Session>;
  /** Replaces the data of a session that still exists, unchanged since it was read. Never creates. */
  update(session: Session, data: JsonObject): Promise<UpdateResult>;
  /** Moves the expiry only. Never creates, never changes data. null when the session is gone. */
  touch(session: Session): Promise<Session | null>;
  /**
   * Ends the session, on every dyno at once where the strategy can. With `version`, only where no other request wrote
   * since, so that a new id can carry the data over and lose no acknowledged write. Without it, unconditionally.
   */
  destroy(session: Session, version?: string): Promise<DestroyResult>;
  /** Why this strategy cannot list the sessions of a user, as whole sentences. Absent where it can. */
  readonly cannotList?: string | undefined;
  /**
   * The sessions of a user, newest first, whichever dyno started them. A session is in it from the moment that `create`
   * or `update` has resolved until it ends.
   *
   * @param userId the `id` of the `user` in the sessions' data
   * @throws SessionsNotListedError where the strategy cannot list them
   */
  list(userId: string): Promise<ListedSession[]>;
  /** Ends a listed session on every dyno at once. No error when it is gone already. */
  destroyListed(session: ListedSession): Promise<void>;
  /** Resolves when the store answers; throws `SessionStoreError` where it does not. For /readyz. */
  ready(): Promise<void>;
  /** Closes pools and sockets. For SIGTERM. */
  close(): Promise<void>;
}

/** What a server-side store keeps under a key. `sealed` is text (base64url); the store never looks inside. */
export interface StoredSession {
  readonly sealed: string;
  /** Milliseconds since 1970. After this moment `read` answers null, whatever the store still holds. */
  readonly expiresAt: number;
  /** Absent for an anonymous session. */
  readonly owner?: SessionOwner | undefined;
}

/** The user that a session belongs to. */
export interface SessionOwner {
  /** A keyed hash of the user's id, in hex: a leaked store names nobody. */
  readonly hash: string;
  /** The absolute end of the session: its expiry never moves beyond. Milliseconds since 1970. */
  readonly until: number;
}

/**
 * The verbs that a server-side strategy writes. A key is SHA-256 of the session id in hex (64
 * characters), so a key is safe in a path and in a query, and a leaked store holds no usable cookies.
 * Every verb throws when the store fails; the caller wraps that in `SessionStoreError`.
 */
export interface SessionStore {
  /** For messages: "Postgres", "memcached", … */
  readonly name: string;
  /** null when missing or expired. `version` is the store's own text, handed back to `update`. */
  read(key: string): Promise<(StoredSession & { version: string }) | null>;
  /** Never overwrites: throws where the key is taken. Answers the new version. */
  create(key: string, stored: StoredSession): Promise<string>;
  /** Writes only where the key exists, is not expired and still has `version`. Answers the new version. */
  update(
    key: string,
    stored: StoredSession,
    version: string,
  ): Promise<{ result: "saved"; version: string } | { result: "gone" } | { result: "conflict" }>;
  /**
   * Moves the expiry; false when there is nothing to move. A later `update` with the old version still succeeds. Sets the
   * owner too: a session that a previous release created has none.
   */
  touch(key: string, expiresAt: number, owner?: SessionOwner): Promise<boolean>;
  /**
   * With `version`, only where the key exists, is not expired and still has it. Moving the expiry changes no
   * version. Without it, whatever is there; no error when there is nothing.
   */
  destroy(key: string, version?: string): Promise<DestroyResult>;
  /**
   * The sessions of an owner that exist, in any order. One that a `create`, `update` or `touch` with that owner
   * stored before the call is among them. Absent where the store cannot; then `cannotList` says why.
   *
   * @param owner `SessionOwner.hash`
   */
  list?(owner: string): Promise<(Pick<StoredSession, "sealed" | "expiresAt"> & { key: string })[]>;
  /** Why the store cannot list, and what to use instead, as whole sentences. */
  readonly cannotList?: string;
  ready(): Promise<void>;
  close(): Promise<void>;
}
