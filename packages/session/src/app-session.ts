import { MAX_COOKIE_CHARACTERS, type SessionConfig } from "./config.ts";
import type { JsonObject, Session, Strategy } from "./contract.ts";
import { SessionConflictError, SessionTooLargeError } from "./errors.ts";
import { fingerprint } from "./ids.ts";
import { isTouchDue } from "./lifetime.ts";
import { inTurn } from "./turns.ts";

/** "gone": it was destroyed, expired or evicted meanwhile. It is not brought back, and the fields are empty now. */
export type Saved = "saved" | "gone";

export interface SessionInfo {
  /** Identifies the session without being able to open it. A new one for a new id. */
  readonly fingerprint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

interface SessionMethods<Fields> {
  /** null where there is no session (yet). */
  readonly info: SessionInfo | null;
  /** What became of the cookie that the request brought: there was none, it is a session, it is none (any more). */
  readonly cookie: "none" | "found" | "lost";
  /**
   * Keeps the fields as they are now; begins the session where there is none. Costs nothing when they have not
   * changed. Throws `SessionConflictError` when somebody else wrote since this request read: use `update` there.
   */
  save(): Promise<Saved>;
  /**
   * Reads, lets `change` change, writes, and does it again when somebody else wrote meanwhile, so that no write is
   * lost; where that never ends, throws `SessionConflictError`. `change` may run several times: let it do nothing else.
   */
  update(change: (fields: Partial<Fields>) => void): Promise<Saved>;
  /** A new id, the same fields (and what `more` adds), the old id dead: at sign-in, so that no planted id survives. */
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
}

interface OpenOptions {
  /** False where a read moves no expiry. */
  mayTouch?: boolean;
  /** Called around each later call of a method: where trips are counted and failures noted. */
  around?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Against one other dyno that writes without a pause, a try succeeds about every third time. */
const MAX_TRIES = 100;
/** Longer pauses only make the one who lost once lose again: measured, 64 ms took four times as long as 8 ms. */
const MAX_PAUSE_MS = 8;

/** Reads the session behind the cookie in the jar, once; everything after works on what was read. */
export async function openSession<Fields extends object>(
  strategy: Strategy,
  jar: CookieJar,
  config: SessionConfig,
  { mayTouch = true, around = (work) => work() }: OpenOptions = {},
): Promise<AppSession<Fields>> {
  const brought = jar.get();
  let current = brought ? await strategy.read(brought) : null;
  if (current && mayTouch && !strategy.peekExpiry && isTouchDue(current, config)) {
    current = await strategy.touch(current);
  }
  const found = current !== null;
  /** True once a session was here and is gone: then nothing is created in its place. */
  let over = false;
  let savedJson = "";

  const fields: Record<string, unknown> = {};

  function show(session: Session | null): void {
    current = session;
    for (const name of Object.keys(fields)) delete fields[name];
    savedJson = JSON.stringify(session?.data ?? {});
    Object.assign(fields, JSON.parse(savedJson));
  }

  function showGone(): Saved {
    over = true;
    show(null);
    return "gone";
  }

  async function keep(session: Session): Promise<Saved> {
    assertFits(session);
    const isNewCookie = session.cookie !== (current?.cookie ?? "");
    show(session);
    if (isNewCookie) await jar.set(session.cookie, maxAgeSeconds(session, config));
    return "saved";
  }

  /** One try: "again" when somebody else wrote since `session` was read. */
  async function write(session: Session, data: JsonObject): Promise<Saved | "again"> {
    const result = await strategy.update(session, data);
    if (result.outcome === "conflict") return "again";
    return result.outcome === "gone" ? showGone() : keep(result.session);
  }

  const methods: SessionMethods<Fields> = {
    get info() {
      return current && toInfo(current);
    },
    cookie: !brought ? "none" : found ? "found" : "lost",

    async save() {
      if (over) return showGone();
      const json = JSON.stringify(fields);
      if (json === savedJson) return "saved";
      const data = JSON.parse(json) as JsonObject;
      if (!current) return keep(await strategy.create(data));
      const outcome = await write(current, data);
      if (outcome !== "again") return outcome;
      throw new SessionConflictError(strategy.name, "Use `session.update(change)`.");
    },

    async update(change) {
      if (over) return "gone";
      const changed = (data: JsonObject): JsonObject => {
        const draft = structuredClone(data);
        change(draft as Partial<Fields>);
        return JSON.parse(JSON.stringify(draft));
      };
      const { id } = current ?? {};
      if (!id) return keep(await strategy.create(changed({})));
      return inTurn(strategy, id, async (waited) => {
        for (let tries = 0; tries < MAX_TRIES; tries += 1) {
          if (over || !current) return showGone();
          const isStale = waited || tries > 0;
          const session = isStale ? await strategy.read(current.cookie) : current;
          if (!session) return showGone();
          const data = changed(session.data);
          const isUnchanged = JSON.stringify(data) === JSON.stringify(session.data);
          const outcome = isUnchanged ? await keep(session) : await write(session, data);
          if (outcome !== "again") return outcome;
          await pause(tries);
        }
        throw new SessionConflictError(strategy.name, `Gave up after ${MAX_TRIES} tries.`);
      });
    },

    async regenerate(more) {
      const old = over ? null : await stillThere();
      const data = JSON.parse(JSON.stringify({ ...old?.data, ...more })) as JsonObject;
      const session = await strategy.create(data);
      assertFits(session);
      if (old) await strategy.destroy(old);
      over = false;
      await keep(session);
    },

    async destroy() {
      const hadCookie = brought || current;
      if (current) await strategy.destroy(current);
      showGone();
      if (hadCookie) await jar.delete();
    },
  };

  /** Read anew, with what this request changed: a session that was signed out meanwhile must not live on under a new id. */
  async function stillThere(): Promise<Session | null> {
    if (!current || strategy.peekExpiry) return current && { ...current, data: plainFields() };
    const now = await strategy.read(current.cookie);
    const isChanged = JSON.stringify(fields) !== savedJson;
    return now && isChanged ? { ...now, data: plainFields() } : now;
  }

  function plainFields(): JsonObject {
    return JSON.parse(JSON.stringify(fields));
  }

  function assertFits(session: Session): void {
    if (session.cookie.length <= MAX_COOKIE_CHARACTERS) return;
    throw new SessionTooLargeError(strategy.name, strategy.maxBytes);
  }

  Object.defineProperties(fields, toHidden(methods, around));
  show(current);
  return fields as AppSession<Fields>;
}

/** The browser keeps the cookie to the absolute end; the idle end is the server's to enforce. */
export function maxAgeSeconds(session: Session, config: SessionConfig): number {
  return Math.ceil((session.createdAt - config.now()) / 1000) + config.absoluteSeconds;
}

function toInfo({ id, createdAt, expiresAt }: Session): SessionInfo {
  return {
    fingerprint: fingerprint(id),
    createdAt: new Date(createdAt),
    expiresAt: new Date(expiresAt),
  };
}

/** Not enumerable, so that `{ ...session }` and JSON see the fields alone. */
function toHidden<T extends object>(
  methods: SessionMethods<T>,
  around: NonNullable<OpenOptions["around"]>,
): PropertyDescriptorMap {
  return {
    info: { get: () => methods.info },
    cookie: { value: methods.cookie },
    save: { value: () => around(methods.save) },
    update: { value: (change: never) => around(() => methods.update(change)) },
    regenerate: { value: (more: never) => around(() => methods.regenerate(more)) },
    destroy: { value: () => around(methods.destroy) },
  };
}

/** Full jitter: those who collided once should not meet again. */
function pause(tries: number): Promise<void> {
  const longest = Math.min(MAX_PAUSE_MS, 2 ** tries);
  return new Promise((done) => setTimeout(done, Math.random() * longest));
}
