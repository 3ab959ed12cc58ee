import http, { type CookieJar } from "k6/http";
import { Trend } from "k6/metrics";
import { nameOf } from "./dynos.ts";
import { hold } from "./evidence.ts";
import { type Answer, type Sending, send } from "./http.ts";

/** `new`: a session was made for someone who had none. `failed`: no answer that could tell. */
export type Outcome = "new" | "found" | "lost" | "failed";

export interface Visitor {
  number: number;
  name: string;
  /** One jar for the whole journey: k6's own is emptied after each iteration. */
  jar: CookieJar;
  /** How often a visit found or lost the session, and which dynos answered. */
  found: number;
  lost: number;
  /** The statuses of visits that failed; 0 where nothing answered. */
  errors: number[];
  answers: number;
  dynos: Set<string>;
  send(method: string, path: string, sending?: Sending): Promise<Answer>;
  /** One more visit: the counter has to rise by one. Tells the verdict whether it did. */
  visit(): Promise<Outcome>;
  /** Another request may raise the counter too. */
  mayHaveVisited(): void;
}

/** The report's strips are made of these samples; their shape is described in load/README.md. */
const visitDuration = new Trend("visit_duration", true);
const dynosMet = new Trend("dynos_met");
const visitsFound = new Trend("visits_found");

export function newVisitor(number: number): Visitor {
  const jar = new http.CookieJar();
  const name = `Visitor ${number} ${Math.random().toString(36).slice(2, 8)}`;
  let visits = 0;
  let unsure = 0;

  /** A visit that failed may have been counted all the same, so what is expected next is a range. */
  function outcomeOf(answer: Answer): Outcome {
    const counted = answer.session()?.visits;
    if (!answer.ok || counted === undefined) {
      unsure += 1;
      return "failed";
    }
    const rose = counted > visits && counted <= visits + 1 + unsure;
    const first = visits === 0;
    visits = counted;
    unsure = 0;
    if (first) return "new";
    return rose && answer.state !== "lost" ? "found" : "lost";
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
    async send(method, path, sending) {
      const answer = await send(method, path, { jar, ...sending });
      if (answer.ok) visitor.answers += 1;
      if (answer.ok) visitor.dynos.add(nameOf(answer));
      return answer;
    },
    mayHaveVisited: () => {
      unsure += 1;
    },
    async visit() {
      const answer = await visitor.send("POST", "/api/session", { body: "{}" });
      const outcome = outcomeOf(answer);
      const { dyno, boot, status } = answer;
      visitDuration.add(answer.ms, {
        visitor: String(number),
        dyno,
        boot,
        outcome,
        status: String(status),
      });
      if (outcome === "failed") visitor.errors.push(status);
      if (outcome === "found") visitor.found += 1;
      if (outcome === "lost") visitor.lost += 1;
      if (outcome === "found" || outcome === "lost") hold(outcome === "found");
      return outcome;
    },
  };
  return visitor;
}

/** Figures of each journey, for those who read k6's own output, and what the failures were. */
export function leave(visitors: readonly Visitor[]): void {
  const errors = visitors.flatMap((visitor) => visitor.errors);
  const statuses = [...new Set(errors)].map(
    (status) => `${status || "no answer"} (${errors.filter((error) => error === status).length})`,
  );
  if (errors.length > 0) console.warn(`Visits failed with: ${statuses.join(", ")}`);
  for (const { dynos, found } of visitors) {
    dynosMet.add(dynos.size);
    visitsFound.add(found);
  }
}

/** Each of them has met one dyno only, so often that with two dynos chance does it once in a million. */
export function stick(visitors: readonly Visitor[]): boolean {
  const chances = visitors.reduce((sum, { answers }) => sum + Math.max(0, answers - 1), 0);
  return chances >= 20 && visitors.every(({ dynos }) => dynos.size <= 1);
}

/** All visitors at the same time, each at its own pace. */
export async function each(
  visitors: readonly Visitor[],
  journey: (visitor: Visitor) => Promise<void>,
): Promise<void> {
  await Promise.all(visitors.map(journey));
}
