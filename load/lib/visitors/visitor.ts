import { randomBytes } from "k6/crypto";
import encoding from "k6/encoding";
import http from "k6/http";
import { Trend } from "k6/metrics";
import { nameOf } from "../dynos.ts";
import { failuresSeen, observe } from "../evidence.ts";
import { say } from "../history.ts";
import { send } from "./http.ts";
import { routes } from "./routes.ts";
import { signedInByApi, signIn, whoRoute } from "./sign-in.ts";
import type { AppResponse, VisitOutcome, Visitor } from "./types.ts";

/** The report draws its strips from these samples; load/README.md describes them. */
const visitDuration = new Trend("visit_duration", true);
const dynosMet = new Trend("dynos_met");
const visitsFound = new Trend("visits_found");

/** Characters by chance, from 0 to 9 and a to z. */
function random(length: number): string {
  let text = "";
  while (text.length < length) text += Math.random().toString(36).slice(2);
  return text.slice(0, length);
}

/** A name that no other visitor has, and that is found again on a page. */
export function newName(visitor: number): string {
  return `Visitor ${visitor} ${random(6)}`;
}

/** A note that no other visitor writes, and that is found again on a page. */
export function newNote(): string {
  return `note-${random(10)}`;
}

/** Text by chance, which a store that compresses cannot make smaller. */
export function randomText(length: number): string {
  if (length === 0) return "";
  return encoding.b64encode(randomBytes(Math.ceil((length * 3) / 4)), "rawurl").slice(0, length);
}

export function createVisitor(number: number): Visitor {
  const jar = new http.CookieJar();
  const name = newName(number);
  // VUs share no memory, and each numbers its visitors alike.
  const sender = __VU > 1 ? `${__VU}-${number}` : number;
  let visits = 0;
  let unsure = 0;

  /** The app may have counted a visit that failed, so the next count is expected within a range. */
  function outcomeOf(response: AppResponse): VisitOutcome {
    const counted = response.session()?.visits;
    if (!response.ok || counted === undefined) {
      unsure += 1;
      return "failed";
    }
    const rose = counted > visits && counted <= visits + 1 + unsure;
    const first = visits === 0;
    visits = counted;
    unsure = 0;
    if (first) return "new";
    return rose && response.sessionOutcome !== "lost" ? "found" : "lost";
  }

  async function countedVisit() {
    const response = await visitor.send("POST", "/api/session", { body: "{}" });
    return { response, outcome: outcomeOf(response) };
  }

  /** Where the app counts no visits: the visitor signs in at the first, and must be signed in at all others. */
  async function signedInVisit(): Promise<{ response: AppResponse; outcome: VisitOutcome }> {
    const first = visits === 0;
    const signedIn = first ? await signIn(visitor) : true;
    const response = await visitor.send("GET", whoRoute());
    if (!response.ok || !signedIn) return { response, outcome: "failed" };
    visits += 1;
    if (first) return { response, outcome: "new" };
    return { response, outcome: signedInByApi(response, visitor) ? "found" : "lost" };
  }

  const visitor: Visitor = {
    number,
    name,
    jar,
    found: 0,
    lost: 0,
    errors: [],
    answers: 0,
    dynos: new Set(),
    async send(method, path, options) {
      const response = await send(method, path, { visitor: sender, jar, ...options });
      if (response.ok) visitor.answers += 1;
      if (response.ok && response.dyno) visitor.dynos.add(nameOf(response));
      return response;
    },
    mayHaveVisited: () => {
      unsure += 1;
    },
    async visit() {
      const { response, outcome } = await (routes().counter ? countedVisit() : signedInVisit());
      const { dyno, boot, status } = response;
      visitDuration.add(response.ms, {
        visitor: String(number),
        dyno,
        boot,
        outcome,
        status: String(status),
      });
      if (outcome === "failed") visitor.errors.push(status);
      if (outcome === "found") visitor.found += 1;
      if (outcome === "lost") visitor.lost += 1;
      if (outcome === "found" || outcome === "lost") observe(outcome === "found");
      return outcome;
    },
  };
  return visitor;
}

/** Adds metrics about each journey for readers of k6's own output, and logs what failed. */
export function reportJourneys(visitors: readonly Visitor[]): void {
  const failures = failuresSeen();
  if (failures.length > 0) say(`Failed: ${failures.join(", ")}`);
  for (const { dynos, found } of visitors) {
    dynosMet.add(dynos.size);
    visitsFound.add(found);
  }
}

/**
 * Whether each visitor met one dyno only. At 20 requests after a visitor's first, two dynos do that by chance once in
 * a million runs (2^-20).
 */
export function stuckToOneDyno(visitors: readonly Visitor[]): boolean {
  const chances = visitors.reduce((sum, { answers }) => sum + Math.max(0, answers - 1), 0);
  return chances >= 20 && visitors.every(({ dynos }) => dynos.size === 1);
}

/** Runs all journeys at the same time, each at its own pace. */
export async function forEachVisitor(
  visitors: readonly Visitor[],
  journey: (visitor: Visitor) => Promise<void>,
): Promise<void> {
  await Promise.all(visitors.map(journey));
}
