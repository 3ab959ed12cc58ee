import { createRandom, hostileSeed } from "@repo/session/testing";
import { Agent, request } from "undici";
import { describe, expect, inject, test } from "vitest";
import { newVisitor } from "../http/visitor.ts";
import { type HostileRequest, hostileRequest } from "./requests.ts";

/** `bin/test --all` sends ten times as many. */
const REQUESTS = Number(process.env.HOSTILE_REQUESTS) || 2_000;
const AT_ONCE = 16;
const LONGEST_MS = 5_000;
const VICTIMS = 4;
const SLOW = "took";
const SHOWN = 10;
const seed = hostileSeed();

interface Victim {
  /** The value of the session cookie. */
  value: string;
  /** In the note, and nowhere else. */
  secret: string;
  fingerprint: string;
}

const agent = new Agent({ connect: { rejectUnauthorized: false }, connections: AT_ONCE });
const apps = inject("apps");
const victims = new Map<string, Promise<Victim[]>>();

/** Visitors of one app whose sessions are there for the whole test. */
function victimsOf(url: string): Promise<Victim[]> {
  const known = victims.get(url);
  if (known) return known;
  const making = Promise.all(
    Array.from({ length: VICTIMS }, async (_, at): Promise<Victim> => {
      const visitor = newVisitor(url);
      const secret = `secret-${at}-${Math.random().toString(36).slice(2)}`;
      if (at % 2) await visitor.signIn(`Victim ${at}`);
      await visitor.visit(secret);
      const [, value = ""] = (await visitor.sessionCookie()).split(/=(.*)/s);
      return { value, secret, fingerprint: (await visitor.session()).fingerprint };
    }),
  );
  victims.set(url, making);
  return making;
}

/** What is wrong with the answer, or null. */
async function send(url: string, sent: HostileRequest, all: Victim[]): Promise<string | null> {
  const began = performance.now();
  try {
    const { statusCode, headers, body } = await request(url + sent.path, {
      method: sent.method as "GET",
      headers: sent.headers,
      body: sent.body,
      dispatcher: agent,
      signal: AbortSignal.timeout(2 * LONGEST_MS),
    });
    const text = await body.text();
    const milliseconds = performance.now() - began;
    if (statusCode >= 500) return `status ${statusCode}`;
    const isRead = sent.method === "GET";
    if (isRead && headers["x-session"] === "found" && !sent.cookie.carries)
      return "x-session found";
    const shown = all.find(
      ({ value, secret, fingerprint }) =>
        value !== sent.cookie.carries && (text.includes(secret) || text.includes(fingerprint)),
    );
    if (shown) return `shows the session of ${shown.secret}`;
    return milliseconds > LONGEST_MS ? `${SLOW} ${Math.round(milliseconds)} ms` : null;
  } catch (error) {
    if (performance.now() - began > LONGEST_MS) return `${SLOW} too long`;
    return `no answer: ${error instanceof Error ? error.message : error}`;
  }
}

function inShort({ method, path, headers, body }: HostileRequest): string {
  return `${method} ${path} ${JSON.stringify(headers)} ${body ?? ""}`.slice(0, 500);
}

describe.each(apps)("$name", ({ url }) => {
  test(`${REQUESTS} hostile requests: no foreign session, no 500, no hang`, {
    timeout: 30_000 + REQUESTS * 50,
  }, async () => {
    console.log(`[hostile] To repeat it: HOSTILE_SEED=${seed}`);
    const mine = await victimsOf(url);
    const others = apps.length > 1 ? apps.filter((app) => app.url !== url) : [];
    const foreign = (await Promise.all(others.map((app) => victimsOf(app.url))))
      .flat()
      .map(({ value }) => value);
    const real = mine.map(({ value }) => value);
    const random = createRandom(seed);

    const wrong: string[] = [];
    const slow: HostileRequest[] = [];
    const note = (sent: HostileRequest, problem: string | null) => {
      if (problem) wrong.push(`${problem}: ${inShort(sent)}`);
    };
    let left = REQUESTS;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left > 0) {
          left -= 1;
          const sent = hostileRequest(random, real, foreign.length ? foreign : ["x"]);
          const problem = await send(url, sent, mine);
          if (problem?.startsWith(SLOW)) slow.push(sent);
          else note(sent, problem);
        }
      }),
    );
    // A busy machine makes any request slow once. One that hangs an app does so again, and alone.
    for (const sent of slow) note(sent, await send(url, sent, mine));
    expect(wrong.slice(0, SHOWN), `${wrong.length} of ${REQUESTS}, HOSTILE_SEED=${seed}`).toEqual(
      [],
    );

    for (const { value, secret, fingerprint } of mine) {
      const cookie = `__Host-session=${value}`;
      const { json } = await newVisitor(url).peek("GET", "/api/session", { cookie });
      expect(json.session).toMatchObject({ note: secret, visits: 1, fingerprint });
    }
  });
});
