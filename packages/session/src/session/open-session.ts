import { MAX_COOKIE_CHARACTERS, type SessionConfig } from "../config.ts";
import type { JsonObject, Session, Strategy } from "../contract.ts";
import {
  SessionBusyError,
  SessionConflictError,
  SessionStoreError,
  SessionTooLargeError,
} from "../errors.ts";
import { singleton } from "../singletons.ts";
import { fingerprint } from "../store/ids.ts";
import { isTouchDue, maxAgeSeconds } from "../store/lifetime.ts";
import { withLock } from "../store/lock.ts";
import { timeLeft } from "../store/round-trips.ts";
import type { AppSession, CookieJar, Saved, SessionInfo, SessionMethods } from "./app-session.ts";
import { readUnlessEnded, withEnded } from "./ended-sessions.ts";
import { carryOver, toData, withoutReserved } from "./fields.ts";

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
/** At 5 ms a turn these take 160 ms, far below a request's limit; a visitor's own tabs make fewer. */
const MAX_WAITING_WRITERS = 32;

/** Reads the session behind the cookie in the jar, once; everything after works on what was read. */
export async function openSession<Fields extends object>(
  strategy: Strategy,
  jar: CookieJar,
  config: SessionConfig,
  { mayTouch = true, around = (work) => work() }: OpenOptions = {},
): Promise<AppSession<Fields>> {
  const brought = jar.get();
  let marker = jar.ended.get();
  let current = brought ? await read(brought) : null;
  const canTouch = mayTouch && (strategy.keeps === "server" || jar.canRenew);
  if (current && canTouch && isTouchDue(current, config)) {
    const touched = await moveExpiry(strategy, current);
    if (touched && touched.cookie !== current.cookie) await send(touched);
    current = touched;
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
    if (isNewCookie) await send(session);
    return "saved";
  }

  async function send(session: Session): Promise<void> {
    await jar.set(session.cookie, maxAgeSeconds(session, config));
  }

  /** Where the cookie holds the session, the browser is left a marker: a late answer must not bring the session back. */
  async function markEnded(session: Session): Promise<void> {
    if (strategy.keeps === "server") return;
    const { value, maxAgeSeconds } = withEnded(marker, session, config);
    marker = value;
    await jar.ended.set(value, maxAgeSeconds);
  }

  /** One try: "again" when somebody else wrote since `session` was read. */
  async function write(session: Session, data: JsonObject): Promise<Saved | "again"> {
    const result = await strategy.update(session, data);
    if (result.outcome === "conflict") return "again";
    return result.outcome === "gone" ? showGone() : keep(result.session);
  }

  async function read(cookie: string): Promise<Session | null> {
    const session = await readUnlessEnded(strategy, cookie, marker, config);
    if (session) withoutReserved(session.data);
    return session;
  }

  function takeTurn<T>(id: string, work: (waited: boolean) => Promise<T>): Promise<T> {
    return withLock(strategy, id, work, { maxWaiting: MAX_WAITING_WRITERS, waitMs: timeLeft() });
  }

  const methods: SessionMethods<Fields> = {
    get info() {
      return current && toInfo(current);
    },
    sessionOutcome: !brought ? "none" : found ? "found" : "lost",

    async save() {
      if (over) return showGone();
      const data = toData(fields);
      if (JSON.stringify(data) === savedJson) return "saved";
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
        return toData(draft);
      };
      if (!current) {
        // Two at once in one request begin one session, not two.
        return withLock(fields, "begin", async () =>
          current ? methods.update(change) : keep(await strategy.create(changed({}))),
        );
      }
      return takeTurn(current.id, async (waited) => {
        for (let tries = 0; tries < MAX_TRIES; tries += 1) {
          if (over || !current) return showGone();
          const isStale = waited || tries > 0;
          const session = isStale ? await read(current.cookie) : current;
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
      const added = toData(more ?? {});
      const withUnsaved = unsavedChanges();
      const old = current;
      const session = old
        ? await replace(old, (data) => carryOver(data && withUnsaved(data), added))
        : await strategy.create(carryOver(over ? null : withUnsaved({}), added));
      if (old) await markEnded(old);
      over = false;
      await keep(session);
    },

    async destroy() {
      const hadCookie = brought || current;
      if (current) {
        await strategy.destroy(current);
        await markEnded(current);
      }
      showGone();
      if (hadCookie) await jar.delete();
    },
  };

  /**
   * A session with a new id in the place of `old`, holding what `next` makes of the data that `old` had when it
   * ended. It is ended by its version: so no write that was acknowledged is lost, and of two sign-ins at once one
   * takes the data over. `next` gets null where somebody else ended it. The new session is there before the old
   * one ends, so a store that fails in between costs no data.
   */
  function replace(old: Session, next: (data: JsonObject | null) => JsonObject): Promise<Session> {
    return takeTurn(old.id, async (waited) => {
      let source = waited ? await read(old.cookie) : old;
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const session = await strategy.create(next(source?.data ?? null));
        assertFits(session);
        const result = source ? await strategy.destroy(source, source.version) : "destroyed";
        if (result === "destroyed") return session;
        await strategy.destroy(session); // its cookie was not given to anybody
        if (result === "conflict") await pause(tries);
        source = result === "gone" ? null : await read(old.cookie);
      }
      throw new SessionConflictError(strategy.name, `Gave up after ${MAX_TRIES} tries.`);
    });
  }

  /** What this request changed and has not saved, as something to do to newer data. */
  function unsavedChanges(): (data: JsonObject) => JsonObject {
    const [before, now] = [JSON.parse(savedJson) as JsonObject, toData(fields)];
    const isChanged = (name: string) => JSON.stringify(before[name]) !== JSON.stringify(now[name]);
    const changed = Object.keys({ ...before, ...now }).filter(isChanged);
    return (data) => {
      const changes = Object.fromEntries(changed.map((name) => [name, now[name]]));
      return toData({ ...data, ...changes });
    };
  }

  function assertFits(session: Session): void {
    if (session.cookie.length <= MAX_COOKIE_CHARACTERS) return;
    throw new SessionTooLargeError(strategy.name, strategy.maxBytes);
  }

  Object.defineProperties(fields, toHidden(methods, around));
  show(current);
  return fields as AppSession<Fields>;
}

/** One line a minute, however many requests it happens to. */
function warnOncePerMinute(message: string): void {
  const last = singleton("expiry-warning", () => ({ at: Number.NEGATIVE_INFINITY }));
  if (performance.now() - last.at < 60_000) return;
  last.at = performance.now();
  console.warn(message);
}

/** A store that can be read and not written, such as a full one, is no reason to know nobody any more. */
async function moveExpiry(strategy: Strategy, session: Session): Promise<Session | null> {
  try {
    return await strategy.touch(session);
  } catch (error) {
    if (!(error instanceof SessionStoreError || error instanceof SessionBusyError)) throw error;
    warnOncePerMinute(
      `${error.message}. An expiry was not moved; the session was read all the same.`,
    );
    return session;
  }
}

/** Full jitter: those who collided once should not meet again. */
function pause(tries: number): Promise<void> {
  const longest = Math.min(MAX_PAUSE_MS, 2 ** tries);
  return new Promise((done) => setTimeout(done, Math.random() * longest));
}

/** What a session says about itself. */
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
  around: <R>(work: () => Promise<R>) => Promise<R>,
): PropertyDescriptorMap {
  return {
    info: { get: () => methods.info },
    sessionOutcome: { value: methods.sessionOutcome },
    save: { value: () => around(methods.save) },
    update: { value: (change: never) => around(() => methods.update(change)) },
    regenerate: { value: (more: never) => around(() => methods.regenerate(more)) },
    destroy: { value: () => around(methods.destroy) },
  };
}
