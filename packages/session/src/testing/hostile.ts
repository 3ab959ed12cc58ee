import { describe, expect, test } from "vitest";
import { newId } from "../store/ids.ts";
import { type Refusal, refusals } from "../store/refusals.ts";
import { type Meter, metered } from "../store/round-trips.ts";
import { createRandom, hostileSeed, hostileValue } from "./hostile-values.ts";
import { keepsOnServer, type Rig, SECRETS, testConfig } from "./rig.ts";

const SEED = hostileSeed();
const GENERATED = 20_000;
const AT_A_TIME = 500;

/** Whatever a client may send as the value of a cookie, and no strategy's cookie looks like. */
const MALFORMED = {
  "an empty value": "",
  "a word": "undefined",
  "a path": "../../../../etc/passwd",
  "an encoded path": "..%2f..%2fetc%2fpasswd",
  "an absolute path": "/etc/passwd",
  "a query": "' OR '1'='1' --",
  "a command for memcached": "x 0 0 1\r\ndelete y",
  "a key of the prototype": "__proto__",
  "a NUL": "\0",
  "a NUL within what looks like an id": `${"a".repeat(21)}\0${"a".repeat(21)}`,
  "a line break after what looks like an id": `${"a".repeat(43)}\n`,
  "an id that is too short": "a".repeat(42),
  "an id that is too long": "a".repeat(44),
  "a hundred thousand characters": "a".repeat(100_000),
  "an express-session cookie": "s:abcdefghijklmnopqrstuvwxyz012345.c2lnbmF0dXJl",
  "a JSON Web Token": "eyJhbGciOiJub25lIn0.eyJuYW1lIjoiQWRhIn0.",
  JSON: '{"user":{"name":"Ada"}}',
  "a seal of nothing": "Fe26.2*1*****",
  "a quoted string": '"aaaa"',
  "an emoji": "🍪".repeat(10),
  attributes: "a; Path=/; HttpOnly",
};

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function describeHostileCookies(getRig: () => Rig): void {
  const start = (secret = SECRETS.a) => getRig().start("web.1", testConfig({ secrets: [secret] }));

  /** Reads it, and tells what it was counted as and how many trips to the store it took. */
  async function readHostile(cookie: string, strategy = start()) {
    const before = refusals();
    const meter: Meter = { roundTrips: 0, milliseconds: 0 };
    const session = await metered(meter, () => strategy.read(cookie));
    const after = refusals();
    const counted = Object.keys(after).filter(
      (why) => after[why as Refusal] !== before[why as Refusal],
    );
    return { session, counted, roundTrips: meter.roundTrips };
  }

  describe("cookies that open no session", () => {
    test.each(Object.entries(MALFORMED))(
      "%s opens no session, is counted, and reaches no store",
      async (_, cookie) => {
        expect(await readHostile(cookie)).toEqual({
          session: null,
          counted: ["malformed"],
          roundTrips: 0,
        });
      },
    );

    test("an id that a client made up is unknown", async () => {
      const strategy = start();
      const { session, counted } = await readHostile(newId(), strategy);
      expect(session).toBeNull();
      expect(counted).toEqual([keepsOnServer(strategy) ? "unknown" : "malformed"]);
    });

    test("a cookie with one character changed opens no session, whichever it is", async () => {
      const strategy = start();
      const { cookie } = await strategy.create({ user: { name: "Ada" } });
      for (let at = 0; at < cookie.length; at += 1) {
        // The least change there is: at the end of base64url it may be in bits that decode to nothing.
        const other = BASE64URL[BASE64URL.indexOf(cookie.charAt(at)) ^ 1] ?? "A";
        const { session, counted } = await readHostile(
          cookie.slice(0, at) + other + cookie.slice(at + 1),
          strategy,
        );
        expect([at, session, counted.length]).toEqual([at, null, 1]);
      }
      expect(await strategy.read(cookie)).not.toBeNull();
    });

    test("a cookie that was cut off, or lengthened, opens no session", async () => {
      const strategy = start();
      const { cookie } = await strategy.create({});
      for (const changed of [
        cookie.slice(0, -1),
        cookie.slice(1),
        `${cookie}x`,
        cookie + cookie,
        ` ${cookie}`,
      ]) {
        expect((await readHostile(changed, strategy)).session).toBeNull();
      }
    });

    test("a session sealed with a foreign secret is unreadable", async () => {
      const { cookie } = await start(SECRETS.foreign).create({ user: { name: "Ada" } });
      const { session, counted } = await readHostile(cookie);
      expect(session).toBeNull();
      expect(counted).toEqual(["unreadable"]);
    });

    test(`${GENERATED} generated ones, mutations of real ones among them, open nothing`, {
      timeout: 120_000,
    }, async () => {
      const seed = `HOSTILE_SEED=${SEED}`;
      console.log(`[hostile] To repeat it: ${seed}`);
      const [strategy, foreign] = [start(), start(SECRETS.foreign)];
      const makers = [strategy, strategy, foreign];
      const sessions = await Promise.all(makers.map((maker) => maker.create({ note: "kept" })));
      const real = sessions.map(({ cookie }) => cookie);
      const random = createRandom(SEED);
      for (let done = 0; done < GENERATED; done += AT_A_TIME) {
        const values = Array.from({ length: AT_A_TIME }, () => hostileValue(random, real));
        const began = performance.now();
        const opened = await Promise.all(
          values.map(async (value) => ((await strategy.read(value)) ? [value] : [])),
        );
        expect(opened.flat(), seed).toEqual([]);
        expect(performance.now() - began, seed).toBeLessThan(5_000);
      }
      for (const cookie of real.slice(0, 2))
        expect((await strategy.read(cookie))?.data).toEqual({ note: "kept" });
    });
  });
}
