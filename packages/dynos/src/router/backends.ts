import { randomBytes } from "node:crypto";
import { Pool } from "undici";
import { connectTo } from "./connect.ts";
import type { RoutedDyno, RouterTimeouts } from "./types.ts";

/** One start of one dyno: a dyno that comes back is another backend, with another disk and another token. */
export type Backend = {
  name: string;
  port: number;
  /** What a client with session affinity is given, instead of the name of the dyno. */
  token: string;
  pool: Pool;
  quarantinedUntil: number;
};

export type Backends = ReturnType<typeof createBackends>;

/** The connections to the dynos, and the choice among them. */
export function createBackends(timeouts: RouterTimeouts) {
  const byPort = new Map<number, Backend>();

  function backendOf({ name, port }: RoutedDyno, all: readonly RoutedDyno[]): Backend {
    const known = byPort.get(port);
    if (known?.name === name) return known;
    const backend: Backend = {
      name,
      port,
      token: randomBytes(24).toString("base64url"),
      pool: createPool(port, timeouts),
      quarantinedUntil: 0,
    };
    if (known) forget(known);
    byPort.set(port, backend);
    forgetGone(all);
    return backend;
  }

  function forgetGone(dynos: readonly RoutedDyno[]) {
    for (const backend of byPort.values()) {
      if (!dynos.some((dyno) => dyno.port === backend.port)) forget(backend);
    }
  }

  /** Requests under way come to their end; then its connections close. */
  function forget(backend: Backend) {
    byPort.delete(backend.port);
    backend.pool.close().catch(() => {});
  }

  return {
    /** Any dyno that takes connections, each as likely as the other, whatever was chosen before. */
    pick(dynos: readonly RoutedDyno[]): Backend | undefined {
      if (byPort.size > dynos.length) forgetGone(dynos);
      const dyno = oneOf(dynos);
      if (!dyno) return undefined;
      const backend = backendOf(dyno, dynos);
      if (isOpen(backend)) return backend;
      return oneOf(dynos.map((each) => backendOf(each, dynos)).filter(isOpen));
    },
    /** The dyno that was given this token, if it still takes connections. */
    withToken(token: string, dynos: readonly RoutedDyno[]): Backend | undefined {
      if (byPort.size > dynos.length) forgetGone(dynos);
      for (const dyno of dynos) {
        const backend = backendOf(dyno, dynos);
        if (backend.token === token) return isOpen(backend) ? backend : undefined;
      }
      return undefined;
    },
    quarantine(backend: Backend) {
      backend.quarantinedUntil = performance.now() + timeouts.quarantineMs;
    },
    async close() {
      const pools = [...byPort.values()].map((backend) => backend.pool.destroy());
      byPort.clear();
      await Promise.all(pools);
    },
  };
}

function isOpen(backend: Backend): boolean {
  if (backend.quarantinedUntil === 0) return true;
  if (backend.quarantinedUntil > performance.now()) return false;
  backend.quarantinedUntil = 0;
  return true;
}

function oneOf<T>(choices: readonly T[]): T | undefined {
  return choices[Math.floor(Math.random() * choices.length)];
}

/**
 * undici would honour a dyno's `Keep-Alive: timeout=5` hint; Heroku's router does not, and that race is one that an app
 * must win by itself. The negative threshold lifts every hint above the maximum. The two timeouts are the router's own.
 */
function createPool(port: number, timeouts: RouterTimeouts): Pool {
  return new Pool(`http://127.0.0.1:${port}`, {
    pipelining: 1,
    connect: (_options, done) => void connectTo(port, timeouts.connectMs, done),
    keepAliveTimeout: timeouts.dynoKeepAliveMs,
    keepAliveMaxTimeout: timeouts.dynoKeepAliveMs,
    keepAliveTimeoutThreshold: -timeouts.dynoKeepAliveMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 1_048_576,
    strictContentLength: true,
  });
}
