import type { Traits } from "@repo/registry/traits";
import type { SessionConfig } from "../config.ts";
import type { Strategy } from "../contract.ts";
import type { CookieJar } from "../session/app-session.ts";

export type { Traits };

/** What the suite needs of the strategy under test, on real servers and disks. */
export interface Rig {
  /**
   * A process of the dyno with that name. Two names are two dynos, each with its own disk; the same name again is
   * another process on the same disk (the suite gives it other secrets or another clock).
   */
  start(dyno: string, config: () => SessionConfig): Strategy;
  /** What a dyno's restart does to its disk. Absent where the strategy keeps nothing there. */
  wipeDisk?(dyno: string): Promise<void>;
  /** Resolves when the store is back. Absent where `survivesStoreRestart` is null. */
  restartStore?(): Promise<void>;
  /** A strategy whose store does not answer. Absent where there is no store. */
  startBroken?(config: () => SessionConfig): Strategy;
  /** What the store of that dyno holds under a key, as text; null where nothing. Absent where there is no store. */
  peek?(dyno: string, key: string): Promise<string | null>;
  close(): Promise<void>;
}

export const SECRETS = {
  a: "a".repeat(32),
  b: "b".repeat(32),
  c: "c".repeat(32),
  foreign: "f".repeat(32),
};

export const DAY_SECONDS = 24 * 60 * 60;

/** The defaults of production, but for what is given. */
export function testConfig(changes: Partial<SessionConfig> = {}): () => SessionConfig {
  const config = {
    secrets: [SECRETS.a] as const,
    idleSeconds: 14 * DAY_SECONDS,
    absoluteSeconds: 30 * DAY_SECONDS,
    maxBytes: 65_536,
    now: Date.now,
    ...changes,
  };
  return () => config;
}

/** A clock to turn on by hand, and to hand to `testConfig`. */
export function testClock() {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance(seconds: number) {
      ahead += seconds * 1000;
    },
  };
}

interface TestJar extends CookieJar {
  value: string | undefined;
  marker: string | undefined;
}

/** A browser that sends its session cookie, and the marker of ended sessions beside it. */
export function testJar(value?: string, marker?: string): TestJar {
  const jar: TestJar = {
    value,
    marker,
    get: () => jar.value,
    async set(cookie: string) {
      jar.value = cookie;
    },
    async delete() {
      jar.value = undefined;
    },
    canRenew: true,
    ended: {
      get: () => jar.marker,
      async set(cookie: string) {
        jar.marker = cookie;
      },
    },
  };
  return jar;
}

export const sleep = (milliseconds: number) =>
  new Promise<void>((done) => setTimeout(done, milliseconds));

/** True where the data is on a server: there is something to revoke and to compare. */
export const keepsOnServer = ({ keeps }: Strategy) => keeps === "server";
