import { MAX_COOKIE_CHARACTERS, type SessionConfig } from "../config.ts";
import type { JsonObject, Session, Strategy } from "../contract.ts";
import {
  SessionBusyError,
  SessionConflictError,
  SessionStoreError,
  SessionTooLargeError,
} from "../errors.ts";
import { log } from "../log.ts";
import { singleton } from "../singletons.ts";
import { fingerprint } from "../store/ids.ts";
import { isTouchDue, maxAgeSeconds } from "../store/lifetime.ts";
import { withLock } from "../store/lock.ts";
import { timeLeft } from "../store/round-trips.ts";
import type { AppSession, CookieJar, Saved, SessionInfo, SessionOutcome } from "./app-session.ts";
import { readUnlessEnded, withEnded } from "./ended-sessions.ts";
import { carryOver, copyOf, toData, userIdOf, withoutReserved } from "./fields.ts";
import { type Opened, type Run, SessionObject } from "./session-object.ts";
import { endSessions } from "./user-sessions.ts";

interface OpenOptions {
  /** False where a read must not move the expiry, as for polls. */
  mayTouch?: boolean;
  /** Runs each later call of a method: it counts round trips and notes failures. */
  run?: Run;
  /** A label of the visitor's browser, for a session that starts. */
  device?: Device;
}

/** Of the ids that a session had before: a list that is older than so many new ids does not end it. */
const MAX_FORMER_IDS = 8;
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
  const opened = new OpenedSession(strategy, jar, config, run, device);
  await opened.open(mayTouch);
  return opened.fields as unknown as AppSession<Fields>;
}

type Device = () => string | undefined;
type Change = (fields: JsonObject) => void;

/** The state of one request's session. */
class OpenedSession implements Opened {
  readonly run: Run;
  readonly fields = new SessionObject(this) as SessionObject & Record<string, unknown>;
  sessionOutcome: SessionOutcome = "none";
  private current: Session | null = null;
  /** True once this request's session is gone: then no new session takes its place. */
  private hasEnded = false;
  private readonly strategy: Strategy;
  private readonly jar: CookieJar;
  private readonly config: SessionConfig;
  private readonly device: Device;
  private readonly sentCookie: string | undefined;
  private marker: string | undefined;

  constructor(strategy: Strategy, jar: CookieJar, config: SessionConfig, run: Run, device: Device) {
    this.strategy = strategy;
    this.jar = jar;
    this.config = config;
    this.run = run;
    this.device = device;
    this.sentCookie = jar.get();
    this.marker = jar.ended.get();
  }

  async open(mayTouch: boolean): Promise<void> {
    const { strategy, jar, config, sentCookie } = this;
    if (!sentCookie) return;
    let session = await this.read(sentCookie);
    const canTouch = mayTouch && (strategy.keeps === "server" || jar.canRenew);
    if (session && canTouch && isTouchDue(session, config)) {
      const touched = await moveExpiry(strategy, session);
      if (touched && touched.cookie !== session.cookie) await this.send(touched);
      session = touched;
    }
    this.sessionOutcome = session ? "found" : "lost";
    this.load(session);
  }

  get info(): SessionInfo | null {
    return this.current && toInfo(this.current);
  }

  async save(): Promise<Saved> {
    if (this.hasEnded) return this.loadEnded();
    const { strategy, current } = this;
    const data = toData(this.fields);
    if (isSame(data, current?.data ?? {})) return "saved";
    if (!current) return this.begin(data);
    const result = await this.write(current, data);
    if (result !== "retry") return result;
    throw new SessionConflictError(strategy.name, "Use `session.update(change)`.");
  }

  async update(change: Change): Promise<Saved> {
    if (this.hasEnded) return "gone";
    const { strategy } = this;
    const changed = (data: JsonObject): JsonObject => {
      const draft = copyOf(data);
      change(draft);
      return toData(draft);
    };
    if (!this.current) {
      // Two calls at once in one request start one session, not two.
      return withLock(this, "begin", async () =>
        this.current ? this.update(change) : this.begin(changed({})),
      );
    }
    return this.withSessionLock(this.current.id, async (waited) => {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        if (this.hasEnded || !this.current) return this.loadEnded();
        const isStale = waited || tries > 0;
        const session = isStale ? await this.read(this.current.cookie) : this.current;
        if (!session) return this.loadEnded();
        const data = changed(session.data);
        const isUnchanged = isSame(data, session.data);
        const result = isUnchanged ? await this.accept(session) : await this.write(session, data);
        if (result !== "retry") return result;
        await pause(tries);
      }
      throw new SessionConflictError(strategy.name, `Gave up after ${MAX_TRIES} tries.`);
    });
  }

  async regenerate(more: object = {}): Promise<void> {
    const added = toData(more);
    const withUnsaved = this.unsavedChanges();
    const { current: old } = this;
    const session = old
      ? await this.replace(old, (data) => carryOver(data && withUnsaved(data), added))
      : await this.create(carryOver(this.hasEnded ? null : withUnsaved({}), added));
    if (old) await this.markEnded(old);
    this.hasEnded = false;
    await this.accept(session);
    await this.endOldest(session);
  }

  async destroy(): Promise<void> {
    const hadCookie = this.sentCookie || this.current;
    if (this.current) {
      await this.strategy.destroy(this.current);
      await this.markEnded(this.current);
    }
    this.loadEnded();
    if (hadCookie) await this.jar.delete();
  }

  /** Makes the fields those of the session. Copies, so that changing a field in place changes no data. */
  private load(session: Session | null): void {
    this.current = session;
    const { fields } = this;
    const data = copyOf(session?.data ?? {});
    const names = Object.keys(data);
    // In the order of the data, by which `isSame` compares. Deleting properties makes an object slow, so seldom.
    const isInOrder = Object.keys(fields).every((name, index) => name === names[index]);
    if (!isInOrder) for (const name of Object.keys(fields)) delete fields[name];
    Object.assign(fields, data);
  }

  private loadEnded(): "gone" {
    this.hasEnded = true;
    this.load(null);
    return "gone";
  }

  private async accept(session: Session): Promise<Saved> {
    this.assertFits(session);
    const isNewCookie = session.cookie !== (this.current?.cookie ?? "");
    this.load(session);
    if (isNewCookie) await this.send(session);
    return "saved";
  }

  private send(session: Session): Promise<void> {
    return this.jar.set(session.cookie, maxAgeSeconds(session, this.config));
  }

  /** Where the cookie keeps the session, leaves a marker in the browser: a late answer must not restore the session. */
  private async markEnded(session: Session): Promise<void> {
    if (this.strategy.keeps === "server") return;
    const { value, maxAgeSeconds } = withEnded(this.marker, session, this.config);
    this.marker = value;
    await this.jar.ended.set(value, maxAgeSeconds);
  }

  private async begin(data: JsonObject): Promise<Saved> {
    const session = await this.create(data);
    await this.accept(session);
    await this.endOldest(session);
    return "saved";
  }

  /** @param old whose data this is */
  private create(data: JsonObject, old: Session | null = null): Promise<Session> {
    const userId = userIdOf(data);
    const isOnly = userId === null || !old || userIdOf(old.data) !== userId;
    const formerly = isOnly
      ? undefined
      : [fingerprint(old.key), ...(old.signIn?.formerly ?? [])].slice(0, MAX_FORMER_IDS);
    return this.strategy.create(data, { device: this.device(), formerly });
  }

  /** After the sign-in is stored: of two at once, the one that is stored last finds the other in the list. */
  private async endOldest({ data }: Session): Promise<void> {
    const userId = userIdOf(data);
    const { maxPerUser } = this.config;
    if (maxPerUser === undefined || userId === null) return;
    await endSessions(this.strategy, userId, (sessions) => sessions.slice(maxPerUser));
  }

  /** One try. "retry" where another request wrote since `session` was read. */
  private async write(session: Session, data: JsonObject): Promise<Saved | "retry"> {
    const updated = await this.strategy.update(session, data);
    if (updated.result === "conflict") return "retry";
    if (updated.result === "gone") return this.loadEnded();
    const saved = await this.accept(updated.session);
    if (userIdOf(session.data) !== userIdOf(data)) await this.endOldest(updated.session);
    return saved;
  }

  private async read(cookie: string): Promise<Session | null> {
    const session = await readUnlessEnded(this.strategy, cookie, this.marker, this.config);
    if (session) withoutReserved(session.data);
    return session;
  }

  private withSessionLock<T>(id: string, work: (waited: boolean) => Promise<T>): Promise<T> {
    const limits = { maxWaiting: MAX_WAITING_WRITERS, waitMs: timeLeft() };
    return withLock(this.strategy, id, work, limits);
  }

  /**
   * Replaces `old` with a session that has a new id and the data that `next` returns for the data `old` had when it
   * ended. Ending `old` by its version loses no acknowledged write, and of two sign-ins at once only one takes over the
   * data. `next` gets null where another request ended `old`. The new session is created before `old` ends, so a store
   * that fails in between loses no data.
   */
  private replace(old: Session, next: (data: JsonObject | null) => JsonObject): Promise<Session> {
    const { strategy } = this;
    return this.withSessionLock(old.id, async (waited) => {
      let source = waited ? await this.read(old.cookie) : old;
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const session = await this.create(next(source?.data ?? null), source);
        this.assertFits(session);
        const result = source ? await strategy.destroy(source, source.version) : "destroyed";
        if (result === "destroyed") return session;
        await strategy.destroy(session); // no browser has its cookie
        if (result === "conflict") await pause(tries);
        source = result === "gone" ? null : await this.read(old.cookie);
      }
      throw new SessionConflictError(strategy.name, `Gave up after ${MAX_TRIES} tries.`);
    });
  }

  /** The fields that this request changed and has not saved, as a function that applies them to newer data. */
  private unsavedChanges(): (data: JsonObject) => JsonObject {
    const [before, now] = [this.current?.data ?? {}, toData(this.fields)];
    const isChanged = (name: string) => JSON.stringify(before[name]) !== JSON.stringify(now[name]);
    const changed = Object.keys({ ...before, ...now }).filter(isChanged);
    return (data) => {
      const changes = Object.fromEntries(changed.map((name) => [name, now[name]]));
      return toData({ ...data, ...changes });
    };
  }

  private assertFits(session: Session): void {
    if (session.cookie.length <= MAX_COOKIE_CHARACTERS) return;
    throw new SessionTooLargeError(this.strategy.name, this.strategy.maxBytes);
  }
}

/** Logs at most one line a minute. */
function warnOncePerMinute(message: string): void {
  const last = singleton("expiry-warning", () => ({ at: Number.NEGATIVE_INFINITY }));
  if (performance.now() - last.at < 60_000) return;
  last.at = performance.now();
  log("warn", message);
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

function toInfo({ key, createdAt, expiresAt }: Session): SessionInfo {
  return {
    fingerprint: fingerprint(key),
    createdAt: new Date(createdAt),
    expiresAt: new Date(expiresAt),
  };
}

const isSame = (one: JsonObject, other: JsonObject) =>
  JSON.stringify(one) === JSON.stringify(other);
