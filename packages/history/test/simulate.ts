import type { Operation, OperationKind } from "../src/operation.ts";
import type { InvariantNumber } from "../src/promises.ts";
import { fault } from "./operations.ts";

/** What one tab does next, and how it goes. Times are milliseconds. */
export interface Move {
  visitor: number;
  tab: number;
  kind: OperationKind | "sign-in-as-other";
  /** Before it starts, after the tab's operation before. */
  wait: number;
  /** Until the app acts, and from then until the answer. */
  there: number;
  back: number;
  /** `unsure` and `undone`: the client sees a 503 or nothing; the app acted, or did not. */
  fate: "answered" | "unsure" | "undone";
}

/** One deviation from what a correct app does; each breaks the invariant of that number. */
export type Bug = InvariantNumber;

export interface Simulated {
  operations: Operation[];
  /** The operation that shows the bug first; undefined where there was no occasion for it. */
  planted: Operation | undefined;
  /** For 10: the session that it leaves out. */
  unlisted: string | undefined;
}

interface Session {
  id: string;
  visitor: number;
  visits: number;
  note: string | null;
  user: string | null;
  expiresAt: number;
  alive: boolean;
  /** The count that an acknowledged visit was told, and that an answer showed. */
  told: number;
  shown: number;
  /** When the first answer had it. */
  acknowledgedAt: number;
  outage: boolean;
  /** Used by operations whose answers do not say when it ends. */
  usedUnseen: boolean;
}

const isNamed = ({ sessions = [] }: Operation, id: string | null) => sessions.includes(id ?? "");

interface Event {
  at: number;
  /** Within one millisecond all starts come first, and all ends last. */
  rank: 0 | 1 | 2;
  run(): void;
}

export const IDLE_MS = 20_000;
const BEGIN_MS = 1_000_000;
const RESTART_MS = 10;

/**
 * Plays visitors on a correct app with an exact store: each operation happens at one moment between its start and its end,
 * or, where the client saw no answer, at any time after its start.
 * @param bug what to plant once, at the `occasion`th chance
 * @param losses when the store loses everything, in milliseconds after the first move may begin
 */
export function simulate(
  moves: readonly Move[],
  bug?: Bug,
  occasion = 0,
  losses: readonly number[] = [],
): Simulated {
  const operations: Operation[] = [];
  const sessions = new Map<string, Session>();
  const jars = new Map<number, string | null>();
  const queue: Event[] = [];
  const tabs = new Map<string, number>();
  let chances = 0;
  let planted: Operation | undefined;
  let unlisted: string | undefined;
  let ids = 0;
  /** What each visitor saw in a list last. */
  const listsSeen = new Map<number, readonly string[]>();
  const endedBy = new Map<Session, Operation>();

  /** True once, where the bug is wanted. */
  function plant(which: Bug, operation: Operation): boolean {
    if (which !== bug || planted !== undefined) return false;
    chances += 1;
    if (chances <= occasion) return false;
    planted = operation;
    return true;
  }

  function begin(visitor: number, at: number, from?: Session): Session {
    ids += 1;
    const session: Session = {
      id: `s${ids}`,
      visitor,
      visits: from?.visits ?? 0,
      note: from?.note ?? null,
      user: from?.user ?? null,
      expiresAt: at + IDLE_MS,
      alive: true,
      told: from?.told ?? 0,
      shown: from?.shown ?? 0,
      acknowledgedAt: Number.POSITIVE_INFINITY,
      outage: false,
      usedUnseen: false,
    };
    sessions.set(session.id, session);
    return session;
  }

  /** The list, and what ends sessions by it: of the user who asks, whose own session stays but for an `end` of it. */
  function actOnList(
    operation: Operation,
    own: Session | undefined,
    at: number,
    isAnswered: boolean,
  ): void {
    if (isAnswered && !own?.user) operation.status = 401;
    if (!own?.user) return;
    const all = [...sessions.values()].filter(({ alive, user }) => alive && user === own.user);
    const mine = all.filter(({ expiresAt }) => at < expiresAt);
    if (operation.op === "list") {
      const other = mine.find((one) => one !== own && one.acknowledgedAt < operation.start);
      const missing = other && isAnswered && plant(10, operation) ? other : undefined;
      if (missing) unlisted = missing.id;
      operation.sessions = mine.filter((one) => one !== missing).map(({ id }) => id);
      return;
    }
    const named = mine.filter(({ id }) => operation.sessions?.includes(id));
    if (isAnswered && operation.op === "end" && named.length === 0) operation.status = 404;
    for (const one of operation.op === "end" ? named : all.filter((it) => it !== own)) {
      one.alive = false;
      endedBy.set(one, operation);
    }
  }

  function act(move: Move, operation: Operation, at: number): Session | null {
    const { visitor } = move;
    const brought = sessions.get(operation.brought ?? "");
    let session = brought?.alive && at < brought.expiresAt ? brought : undefined;
    if (
      brought &&
      brought.acknowledgedAt < at &&
      !session &&
      at > brought.expiresAt + 2_000 &&
      brought.alive &&
      !brought.usedUnseen
    )
      if (move.kind === "read" && plant(7, operation)) session = brought;
    const mayForget =
      session && session.acknowledgedAt < at && move.kind === "read" && move.fate === "answered";
    if (mayForget && session?.outage && plant(8, operation)) return null;
    if (session && move.fate === "answered") session.outage = false;
    if (session) session.expiresAt = at + IDLE_MS;

    switch (move.kind) {
      case "visit":
        session ??= begin(visitor, at);
        session.visits += 1;
        return session;
      case "note":
        // as in SPEC.md: a note is a visit as well
        session ??= begin(visitor, at);
        session.visits += 1;
        session.note = operation.note ?? null;
        return session;
      case "sign-out":
        if (session) {
          session.alive = false;
          endedBy.set(session, operation);
        }
        return null;
      case "list":
      case "end":
      case "end-others":
        actOnList(operation, session, at, move.fate === "answered");
        return session ?? null;
      case "regenerate": {
        const next = begin(visitor, at, session);
        if (session) session.alive = false;
        return next;
      }
      case "sign-in":
      case "sign-in-as-other": {
        const moves = session && (session.user === null || session.user === operation.user);
        const leaks =
          session &&
          !moves &&
          session.visits > 0 &&
          move.fate === "answered" &&
          plant(5, operation);
        const next = begin(visitor, at, moves || leaks ? session : undefined);
        next.user = operation.user;
        if (session) session.alive = false;
        return next;
      }
      default:
        return session ?? null;
    }
  }

  /** The answer, as it leaves the app. */
  function fill(operation: Operation, session: Session | null): void {
    if (operation.op === "end" || operation.op === "end-others") return;
    if (operation.op === "list") {
      if (operation.status === 200) operation.received = session?.id ?? null;
      return;
    }
    operation.user = session?.user ?? null;
    if (operation.op === "page" || operation.op === "auth-read") return;
    operation.received = session?.id ?? null;
    operation.visits = session?.visits ?? null;
    if (operation.op !== "note") operation.note = session?.note ?? null;
    operation.expiresAt = session?.expiresAt ?? null;
  }

  function play(move: Move, start: number, end: number): void {
    const { visitor, tab, kind, fate, there } = move;
    const operation: Operation = {
      op: kind === "sign-in-as-other" ? "sign-in" : kind,
      runner: "a",
      visitor: String(visitor),
      tab: String(tab),
      start,
      end,
      brought: null,
      received: null,
      visits: null,
      user: null,
      status: 200,
      dyno: `web.${(tab % 3) + 1}`,
      bootId: "b",
    };
    operations.push(operation);
    // one user with a browser for each visitor
    if (kind === "sign-in") operation.user = "ada";
    if (kind === "sign-in-as-other") operation.user = `bob-${visitor}`;
    if (kind === "note") operation.note = `note ${operations.length}`;
    const signsInAs = operation.user;
    const written = operation.note;
    let jarAtStart: string | null = null;
    let session: Session | null = null;
    let told = 0;
    let shown = 0;

    at(start, 0, () => {
      jarAtStart = jars.get(visitor) ?? null;
      operation.brought = jarAtStart;
      const brought = sessions.get(jarAtStart ?? "");
      const seen = listsSeen.get(visitor) ?? [];
      if (kind === "end") operation.sessions = [seen[move.back % seen.length] ?? "none"];
      if (brought) ({ told, shown } = brought);
      const saysEnd = !["page", "auth-read", "list", "end", "end-others"].includes(kind);
      if (brought && (fate !== "answered" || !saysEnd)) brought.usedUnseen = true;
    });
    if (fate !== "undone")
      at(start + there, 1, () => {
        const before = sessions.get(jarAtStart ?? "");
        session = act(move, operation, start + there);
        if (fate === "unsure") return;
        fill(operation, session);
        if (session && before === session) {
          if (kind === "visit" && told > 0 && plant(1, operation)) operation.visits = told;
          if (kind === "read" && shown > told && plant(2, operation)) operation.visits = shown - 1;
          if (kind === "read" && told > 0 && plant(3, operation)) operation.visits = told - 1;
        }
        const other = [...sessions.values()].find(
          (one) => one.visitor !== visitor && one.acknowledgedAt <= start + there,
        );
        if (kind === "read" && other && plant(6, operation)) fill(operation, other);
      });
    at(end, 2, () => {
      if (fate !== "answered") {
        operation.status = fate === "unsure" && visitor % 2 === 0 ? 0 : 503;
        Object.assign(operation, { received: null, visits: null, expiresAt: null });
        if (kind === "list") delete operation.sessions;
        operation.user = signsInAs;
        if (written === undefined) delete operation.note;
        const hit = sessions.get(jarAtStart ?? "");
        if (hit) hit.outage = true;
        return;
      }
      if (plant(9, operation)) operation.end = end + 5_000;
      if (operation === planted && bug === 6) return;
      if (operation.status !== 200) return;
      if (kind === "list") listsSeen.set(visitor, operation.sessions ?? []);
      if (session) {
        session.acknowledgedAt = Math.min(session.acknowledgedAt, end);
        if (kind === "visit" || kind === "note")
          session.told = Math.max(session.told, operation.visits ?? 0);
        else session.shown = Math.max(session.shown, operation.visits ?? 0);
      }
      const endsOwn = kind === "sign-out" || (kind === "end" && isNamed(operation, jarAtStart));
      // what a late answer did, or a dyno that did not hear of it: the cookie is in the jar, and the app takes it
      const back = [...endedBy].find(
        ([one, by]) => by === operation && one.acknowledgedAt < start,
      )?.[0];
      if (back && bug === 4 && !planted) {
        back.alive = true;
        return;
      }
      if (kind === "read" && bug === 4 && session && revived(operation)) planted ??= operation;
      // a store sets a cookie where the id is new, and deletes it at the end
      if (endsOwn) jars.set(visitor, null);
      else if (session && session.id !== jarAtStart) jars.set(visitor, session.id);
    });
  }

  /** The session was ended by an operation that had been acknowledged before this one started. */
  function revived(operation: Operation): boolean {
    const by = endedBy.get(sessions.get(operation.received ?? "") as Session);
    return by?.status === 200 && (by.end ?? 0) < operation.start;
  }

  function at(time: number, rank: Event["rank"], run: () => void): void {
    queue.push({ at: time, rank, run });
  }

  for (const move of moves) {
    const key = `${move.visitor} ${move.tab}`;
    const start = (tabs.get(key) ?? BEGIN_MS) + move.wait;
    // what the client gave up on may happen later
    const end = start + (move.fate === "answered" ? move.there : 0) + move.back;
    tabs.set(key, end + 1);
    play(move, start, end);
  }
  for (const loss of losses) {
    at(BEGIN_MS + loss, 1, () => {
      for (const session of sessions.values()) session.alive = false;
    });
    const [start, end] = [BEGIN_MS + loss - RESTART_MS, BEGIN_MS + loss + RESTART_MS];
    operations.push(fault("store-restart", start, end));
  }
  queue.sort((a, b) => a.at - b.at || a.rank - b.rank);
  for (const { run } of queue) run();
  return { operations, planted, unlisted };
}
