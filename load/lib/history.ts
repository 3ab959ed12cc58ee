// k6 finds no packages by name.

import type { FaultKind, Operation, OperationKind } from "@repo/history/operation";
import { clearInterval, setInterval } from "k6/timers";
import { checkHistory } from "../../packages/history/src/check.ts";
import { describeReport } from "../../packages/history/src/print.ts";
import { everyRule, type Rule } from "../../packages/history/src/promises.ts";
import type { Violation } from "../../packages/history/src/report.ts";
import { observe, waitsSoFar } from "./evidence.ts";
import { ANSWER_WITHIN_MS } from "./limits.ts";
import { historyWanted } from "./options.ts";
import { routes } from "./visitors/routes.ts";
import type { Sender, Session } from "./visitors/types.ts";

/** One request and its answer, as `send` saw them. */
export interface Exchange extends Sender {
  method: string;
  path: string;
  start: number;
  end: number;
  status: number;
  dyno: string;
  boot: string;
  text: string;
  session: Session | null;
  /** The answer is below 400 and says no: a redirect to an error page. */
  refused: boolean;
  /** Values by name. */
  cookiesSent: Record<string, string>;
  cookiesSet: Record<string, string>;
}

/** Names and notes have a shape by which they are found on a page. */
const NAME = /Visitor \d+ [a-z0-9]{6}/;
const NOTE = /note-[a-z0-9]{10}/g;
/** No session: what routers, next-auth and frameworks set besides. */
const OTHER_COOKIES = /affinity|ended|csrf|xsrf/i;
/** A long note is told from others by its beginning and its length. */
const NOTE_LENGTH = 64;

const ROUTES: Record<string, OperationKind | undefined> = {
  "GET /": "page",
  "GET /api/session": "read",
  "POST /api/session": "visit",
  "DELETE /api/session": "sign-out",
  "GET /api/auth/session": "auth-read",
  "GET /api/auth/get-session": "auth-read",
  "GET /api/sessions": "list",
  "DELETE /api/sessions": "end-others",
};
/** Ends the session with that fingerprint, of which the request brings no cookie. */
const END = /^DELETE \/api\/sessions\/([^/]+)$/;

/** One VU's part of the history. */
const operations: Operation[] = [];
let runner = "k6";

const fingerprints = new Map<string, string>();
/** The visitor for whom a session cookie was set. */
const owners = new Map<string, string>();
/** Who wrote each note. */
const writers = new Map<string, string>();
let sessionCookies: readonly string[] = [];
let strangers = 0;

/** Answers name the sessions. Where they do not, a visitor has the same one until it is ended: so they are counted. */
let areNamed = true;
export const sessionsAreNamed = () => areNamed;
const endings = new Map<string, number>();
const countedName = (visitor: string) => `${visitor}/${1 + (endings.get(visitor) ?? 0)}`;

/** The names of the cookies that an answer with a session sets and that can be the session's. */
export function sessionCookieNames(set: readonly string[]): string[] {
  return set.filter((name) => !OTHER_COOKIES.test(name));
}

/** An operation whose cookies are not all known yet: the answer to a sign-in does not say which session it made. */
interface Waiting {
  operation: Operation;
  brought?: string | undefined;
  set?: string | undefined;
}
const waiting = new Set<Waiting>();

/** Called once in each VU, before anything else. */
export function beginHistory(name: string, cookies: readonly string[]): void {
  runner = name;
  sessionCookies = cookies;
  areNamed = routes().counter;
}

/** Records a request that is about a session; load/README.md describes the format. */
export function record(exchange: Exchange): void {
  const { method, path, note, status, session, text } = exchange;
  const [, named] = END.exec(`${method} ${path}`) ?? [];
  const route = named ? "end" : ROUTES[`${method} ${path}`];
  const isForm = exchange.op === "form";
  const sent = route === "visit" && note !== undefined ? "note" : route;
  const op = exchange.op === "form" ? "note" : (exchange.op ?? sent);
  if (!op) return;
  // A sign-in or sign-out that is refused by a redirect did not happen.
  const refused = /^sign-/.test(op) && exchange.refused && status > 0 && status < 400;
  const answered = status > 0 && status < 400 && !refused && !isForm;
  // A page that reports a problem says nothing about the session.
  const isProblem = op === "page" && text.includes('role="alert"');
  if (session?.fingerprint === "") areNamed = false;
  // An app without /api/session shows its session cookie at the first sign-in.
  if (sessionCookies.length === 0 && op === "sign-in" && answered)
    sessionCookies = sessionCookieNames(Object.keys(exchange.cookiesSet));
  const brought = sessionCookieOf(exchange.cookiesSent);
  const isUnknown = isProblem || sessionCookies.length === 0;
  const owner = exchange.visitor === undefined && brought ? owners.get(brought) : undefined;
  const visitor = String(owner ?? exchange.visitor ?? `nobody ${++strangers}`);
  if (op.startsWith("sign-") && answered) endings.set(visitor, 1 + (endings.get(visitor) ?? 0));
  const name = session && (session.fingerprint || nameOf(brought, visitor));
  const set = learn(exchange, op, name, visitor, brought);
  const operation: Operation = {
    ...{
      op,
      runner,
      visitor,
      tab: String(exchange.tab ?? 1),
    },
    start: exchange.start,
    end: isForm ? null : exchange.end,
    ...(brought === undefined && !isUnknown ? { brought: null } : {}),
    received: answered ? name : null,
    visits: null,
    user: null,
    status: refused ? 401 : isForm ? 0 : status,
    dyno: exchange.dyno || null,
    bootId: exchange.boot || null,
    ...(owner === undefined ? {} : { copy: true }),
  };
  if (answered && session) {
    operation.visits = session.visits;
    operation.user = session.user?.name ?? null;
    operation.note = shorten(session.note);
    if (session.expiresAt) operation.expiresAt = Date.parse(session.expiresAt);
  }
  if (op === "note") operation.note = shorten(note ?? null);
  if (op === "note" && note) writers.set(note, visitor);
  if (op === "sign-in") operation.user = exchange.user ?? null;
  if (op === "auth-read" && answered) operation.user = nameIn(text);
  if (op === "list" && answered) Object.assign(operation, listIn(text));
  if (named) operation.sessions = [named];
  if (op === "page" && answered) {
    operation.user = nameIn(text);
    const notes = text.match(NOTE) ?? [];
    const isForeign = (one: string) => writers.has(one) && writers.get(one) !== visitor;
    operation.note = notes.find(isForeign) ?? notes[0];
  }
  operations.push(operation);
  waiting.add({
    operation,
    brought: isUnknown ? undefined : brought,
    set: op === "sign-in" && answered ? set : undefined,
  });
  settle();
}

/** A fault lasts until the dyno or the store is back. */
export function recordFault(
  fault: FaultKind,
  start: number,
  end: number | null,
  { dyno = null, skewMs }: { dyno?: string | null; skewMs?: number | undefined } = {},
): void {
  const nobody = { runner, visitor: "", tab: "", received: null, visits: null, user: null };
  const line = { op: "fault", fault, dyno, start, end, ...(skewMs ? { skewMs } : {}) } as const;
  operations.push({ ...line, ...nobody, status: 0, bootId: null });
  write({ ...line, runner });
}

const HEARTBEAT_MS = 50;
const STALL_MS = 500;

/** Records when this process itself stood still: what it took for slow then, nobody was. Call what is returned at the end. */
export function watchForStalls(): () => void {
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last > STALL_MS) recordFault("stall", last, now);
    last = now;
  }, HEARTBEAT_MS);
  return () => clearInterval(timer);
}

let hasEnded = false;

/** What this VU has seen; all of it is written when this returns. */
export function endHistory(): readonly Operation[] {
  // A dyno that waits for a processor does not run.
  if (!hasEnded)
    for (const { start, end, dyno } of waitsSoFar()) recordFault("stall", start, end, { dyno });
  hasEnded = true;
  for (const one of waiting) write(one.operation);
  waiting.clear();
  return operations;
}

interface Judged {
  operations: number;
  unsure: number;
  /** Of these rules. */
  violations: readonly Violation[];
  invariantsBroken: number;
}

/**
 * Lets the checker decide what the scenario asks: each of these rules that the history exercises held, or it broke. Prints
 * what broke, by the operations that show it.
 *
 * @param rules without it all
 */
export function judgeHistory(rules: Iterable<Rule> = everyRule): Judged {
  const promises = new Set(rules);
  const history = endHistory();
  const report = checkHistory(history, {
    promises,
    examples: MOST_VIOLATIONS,
    limitMs: ANSWER_WITHIN_MS,
  });
  const asked = report.invariants.filter(({ promised }) => promised !== "no");
  for (const { checked, broken } of asked) if (checked > 0) observe(broken === 0);
  const violations = asked.flatMap(({ examples }) => examples.filter(({ promised }) => promised));
  const shown = asked.map((one) => ({ ...one, examples: one.examples.slice(0, 2) }));
  if (violations.length > 0) say(describeReport({ ...report, invariants: shown }));
  const { operations, unsure } = report;
  const invariantsBroken = asked.filter(({ broken }) => broken > 0).length;
  return { operations, unsure, violations, invariantsBroken };
}

/** More are as bad. */
const MOST_VIOLATIONS = 10_000;

/** A remark for the reader of k6's log. In a recorded history it is a separate line. */
export function say(text: string): void {
  if (historyWanted) write({ op: "message", text });
  else console.warn(text);
}

function write(line: object): void {
  if (historyWanted) console.log(JSON.stringify(line));
}

function settle(): void {
  for (const one of waiting) {
    const { operation, brought, set } = one;
    const known = brought === undefined ? undefined : fingerprints.get(brought);
    if (known !== undefined) operation.brought = known;
    const made = set === undefined ? undefined : fingerprints.get(set);
    if (made !== undefined) operation.received = made;
    if ((brought && known === undefined) || (set && made === undefined)) continue;
    waiting.delete(one);
    write(operation);
  }
}

const nameOf = (cookie: string | undefined, visitor: string) =>
  (cookie && fingerprints.get(cookie)) ?? countedName(visitor);

/** Remembers which session a cookie is of, and whose it is. Returns the session cookie that was set. */
function learn(
  { cookiesSet, session }: Exchange,
  op: OperationKind,
  name: string | null,
  visitor: string,
  brought?: string,
): string | undefined {
  const set = sessionCookieOf(cookiesSet);
  const shown = set ?? brought;
  // A read makes no session, and only a sign-in makes one with a user: where each answer sets the cookie anew, the one
  // that was brought is of the same session.
  const makesNone = op === "read" || (!op.startsWith("sign-") && session?.user);
  if (name && makesNone && brought !== undefined && !fingerprints.has(brought))
    fingerprints.set(brought, name);
  if (name && shown !== undefined) fingerprints.set(shown, name);
  else if (!areNamed && set !== undefined && op !== "sign-out")
    fingerprints.set(set, countedName(visitor));
  if (set !== undefined) owners.set(set, visitor);
  return set;
}

function sessionCookieOf(cookies: Record<string, string>): string | undefined {
  for (const name of sessionCookies) if (cookies[name]) return `${name}=${cookies[name]}`;
}

const nameIn = (text: string) => NAME.exec(text)?.[0] ?? null;

/** The sessions of a list, and the one by which it was asked for. */
function listIn(text: string): Pick<Operation, "sessions" | "received"> {
  const { sessions = [] }: { sessions?: { fingerprint: string; current?: boolean }[] } =
    JSON.parse(text);
  return {
    sessions: sessions.map(({ fingerprint }) => fingerprint),
    received: sessions.find(({ current }) => current)?.fingerprint ?? null,
  };
}

function shorten(note: string | null): string | null {
  if (note === null || note.length <= NOTE_LENGTH) return note;
  return `${note.slice(0, NOTE_LENGTH / 2)}… (${note.length})`;
}
