import { MAX_COOKIE_CHARACTERS, type SessionConfig } from "../config.ts";
import type { JsonObject, Session, Strategy } from "../contract.ts";
import {
  SessionBusyError,
  SessionConflictError,
  SessionStoreError,
  SessionTooLargeError,
} from "../errors.ts";
import { singleton } from "../singletons.ts";
import { fingerprint, storeKey } from "../store/ids.ts";
import { isTouchDue, maxAgeSeconds } from "../store/lifetime.ts";
import { withLock } from "../store/lock.ts";
import { timeLeft } from "../store/round-trips.ts";
import type { AppSession, CookieJar, Saved, SessionInfo, SessionMethods } from "./app-session.ts";
import { readUnlessEnded, withEnded } from "./ended-sessions.ts";
import { carryOver, toData, userIdOf, withoutReserved } from "./fields.ts";
import { endSessions } from "./user-sessions.ts";

interface OpenOptions {
  /** False where a read must not move the expiry, as for polls. */
  mayTouch?: boolean;
  /** Runs each later call of a method: it counts round trips and notes failures. */
  run?: <T>(work: () => Promise<T>) => Promise<T>;
  /** A label of the visitor's browser, for a session that starts. */
  device?: () => string | undefined;
}

/** Against one other dyno that writes without a pause, a try succeeds about every third time. */
const MAX_TRIES = 100;
/** Longer pauses only make a writer that lost once lose again: measured, 64 ms took four times as long as 8 ms. */
const MAX_PAUSE_MS = 8;
/** At 5 ms each, 32 writers take 160 ms, far below a request's limit; one visitor's tabs make fewer. */
const MAX_WAITING_WRITERS = 32;

/**
 * Reads the session of the cookie in the jar, once. The methods of the session work on what was read.
 *
 * @param config lifetimes in seconds, and the clock
 * @throws SessionStoreError where the store fails; SessionBusyError where the request's time for its store is over
 */
export async function openSession<Fields extends object>(
  strategy: Strategy,
  jar: CookieJar,
  config: SessionConfig,
  { mayTouch = true, run = (work) => work(), device = () => undefined }: OpenOptions = {},
): Promise<AppSession<Fields>> {
  const sentCookie = jar.get();
  let marker = jar.ended.get();
  let current = sentCookie ? await read(sentCookie) : null;
  const canTouch = mayTouch && (strategy.keeps === "server" || jar.canRenew);
  if (current && canTouch && isTouchDue(current, config)) {
    const touched = await moveExpiry(strategy, current);
    if (touched && touched.cookie !== current.cookie) await send(touched);
    current = touched;
  }
  const isFound = current !== null;
  /** True once this request's session is gone: then no new session takes its place. */
  let hasEnded = false;
  let savedJson = "";

  const fields: Record<string, unknown> = {};

  function load(session: Session | null): void {
    current = session;
    for (const name of Object.keys(fields)) delete fields[name];
    savedJson = JSON.stringify(session?.data ?? {});
    Object.assign(fields, JSON.parse(savedJson));
  }

  function loadEnded(): Saved {
    hasEnded = true;
    load(null);
    return "gone";
  }

  async function accept(session: Session): Promise<Saved> {
    assertFits(session);
    const isNewCookie = session.cookie !== (current?.cookie ?? "");
    load(session);
    if (isNewCookie) await send(session);
    return "saved";
  }

  async function send(session: Session): Promise<void> {
    await jar.set(session.cookie, maxAgeSeconds(session, config));
  }

  /** Where the cookie keeps the session, leaves a marker in the browser: a late answer must not restore the session. */
  async function markEnded(session: Session): Promise<void> {
    if (strategy.keeps === "server") return;
    const { value, maxAgeSeconds } = withEnded(marker, session, config);
    marker = value;
    await jar.ended.set(value, maxAgeSeconds);
  }

  const create = (data: JsonObject) => strategy.create(data, device());

  /** After the sign-in is stored: of two at once, the one that is stored last finds the other in the list. */
  async function endOldest({ data }: Session): Promise<void> {
    const userId = userIdOf(data);
    const { maxPerUser } = config;
    if (maxPerUser === undefined || userId === null) return;
    await endSessions(strategy, userId, (sessions) => sessions.slice(maxPerUser));
  }

  /** One try. "retry" where another request wrote since `session` was read. */
  async function write(session: Session, data: JsonObject): Promise<Saved | "retry"> {
    const result = await strategy.update(session, data);
    if (result.outcome === "conflict") return "retry";
    return result.outcome === "gone" ? loadEnded() : accept(result.session);
  }

  async function read(cookie: string): Promise<Session | null> {
    const session = await readUnlessEnded(strategy, cookie, marker, config);
    if (session) withoutReserved(session.data);
    return session;
  }

  function withSessionLock<T>(id: string, work: (waited: boolean) => Promise<T>): Promise<T> {
    return withLock(strategy, id, work, { maxWaiting: MAX_WAITING_WRITERS, waitMs: timeLeft() });
  }

  const methods: SessionMethods<Fields> = {
    get info() {
      return current && toInfo(current);
    },
    sessionOutcome: !sentCookie ? "none" : isFound ? "found" : "lost",

    async save() {
      if (hasEnded) return loadEnded();
      const data = toData(fields);
      if (JSON.stringify(data) === savedJson) return "saved";
      if (!current) return accept(await create(data));
      const outcome = await write(current, data);
      if (outcome !== "retry") return outcome;
      throw new SessionConflictError(strategy.name, "Use `session.update(change)`.");
    },

    async update(change) {
      if (hasEnded) return "gone";
      const changed = (data: JsonObject): JsonObject => {
        const draft = structuredClone(data);
        change(draft as Partial<Fields>);
        return toData(draft);
      };
      if (!current) {
        // Two calls at once in one request start one session, not two.
        return withLock(fields, "begin", async () =>
          current ? methods.update(change) : accept(await create(changed({}))),
        );
      }
      return withSessionLock(current.id, async (waited) => {
        for (let tries = 0; tries < MAX_TRIES; tries += 1) {
          if (hasEnded || !current) return loadEnded();
          const isStale = waited || tries > 0;
          const session = isStale ? await read(current.cookie) : current;
          if (!session) return loadEnded();
          const data = changed(session.data);
          const isUnchanged = JSON.stringify(data) === JSON.stringify(session.data);
          const outcome = isUnchanged ? await accept(session) : await write(session, data);
          if (outcome !== "retry") return outcome;
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
        : await create(carryOver(hasEnded ? null : withUnsaved({}), added));
      if (old) await markEnded(old);
      hasEnded = false;
      await accept(session);
      await endOldest(session);
    },

    async destroy() {
      const hadCookie = sentCookie || current;
      if (current) {
        await strategy.destroy(current);
        await markEnded(current);
      }
      loadEnded();
      if (hadCookie) await jar.delete();
    },
  };

  /**
   * Replaces `old` with a session that has a new id and the data that `next` returns for the data `old` had when it
   * ended. Ending `old` by its version loses no acknowledged write, and of two sign-ins at once only one takes over the
   * data. `next` gets null where another request ended `old`. The new session is created before `old` ends, so a store
   * that fails in between loses no data.
   */
  function replace(old: Session, next: (data: JsonObject | null) => JsonObject): Promise<Session> {
    return withSessionLock(old.id, async (waited) => {
      let source = waited ? await read(old.cookie) : old;
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const session = await create(next(source?.data ?? null));
        assertFits(session);
        const result = source ? await strategy.destroy(source, source.version) : "destroyed";
        if (result === "destroyed") return session;
        await strategy.destroy(session); // no browser has its cookie
        if (result === "conflict") await pause(tries);
        source = result === "gone" ? null : await read(old.cookie);
      }
      throw new SessionConflictError(strategy.name, `Gave up after ${MAX_TRIES} tries.`);
    });
  }

  /** The fields that this request changed and has not saved, as a function that applies them to newer data. */
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

  Object.defineProperties(fields, hiddenProperties(methods, run));
  load(current);
  return fields as AppSession<Fields>;
}

/** Logs at most one line a minute. */
function warnOncePerMinute(message: string): void {
  const last = singleton("expiry-warning", () => ({ at: Number.NEGATIVE_INFINITY }));
  if (performance.now() - last.at < 60_000) return;
  last.at = performance.now();
  console.warn(message);
}

/** A store that can be read but not written, such as a full one, must not lose every visitor's session. */
async function moveExpiry(strategy: Strategy, session: Session): Promise<Session | null> {
  try {
    return await strategy.touch(session);
  } catch (error) {
    if (!(error instanceof SessionStoreError || error instanceof SessionBusyError)) throw error;
    warnOncePerMinute(`${error.message}. The session was read, but its expiry was not moved.`);
    return session;
  }
}

/** Full jitter, so that writers that collided once do not collide again. */
function pause(tries: number): Promise<void> {
  const longest = Math.min(MAX_PAUSE_MS, 2 ** tries);
  return new Promise((done) => setTimeout(done, Math.random() * longest));
}

function toInfo({ id, createdAt, expiresAt }: Session): SessionInfo {
  return {
    fingerprint: fingerprint(storeKey(id)),
    createdAt: new Date(createdAt),
    expiresAt: new Date(expiresAt),
  };
}

/** The methods, not enumerable, so that `{ ...session }` and JSON contain only the fields. */
function hiddenProperties<T extends object>(
  methods: SessionMethods<T>,
  run: <R>(work: () => Promise<R>) => Promise<R>,
): PropertyDescriptorMap {
  return {
    info: { get: () => methods.info },
    sessionOutcome: { value: methods.sessionOutcome },
    save: { value: () => run(methods.save) },
    update: { value: (change: never) => run(() => methods.update(change)) },
    regenerate: { value: (more: never) => run(() => methods.regenerate(more)) },
    destroy: { value: () => run(methods.destroy) },
  };
}
