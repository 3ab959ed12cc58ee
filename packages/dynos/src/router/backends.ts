import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { Pool } from "undici";
import type { Backend, Backends, RoutedDyno, RouterTimeouts } from "./types.ts";

/** The connections to the dynos, and the random choice among them. */
export function createBackends(timeouts: RouterTimeouts): Backends {
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

  /** Requests under way are answered; then its connections close. */
  function forget(backend: Backend) {
    byPort.delete(backend.port);
    backend.pool.close().catch(() => {});
  }

  return {
    // Uniformly at random per request, not by turn or by load:
    // https://devcenter.heroku.com/articles/http-routing#request-distribution (31 Jul 2025)
    pick(dynos) {
      if (byPort.size > dynos.length) forgetGone(dynos);
      const dyno = oneOf(dynos);
      if (!dyno) return undefined;
      const backend = backendOf(dyno, dynos);
      if (isOpen(backend)) return backend;
      return oneOf(dynos.map((each) => backendOf(each, dynos)).filter(isOpen));
    },
    withToken(token, dynos) {
      if (byPort.size > dynos.length) forgetGone(dynos);
      for (const dyno of dynos) {
        const backend = backendOf(dyno, dynos);
        if (backend.token === token) return isOpen(backend) ? backend : undefined;
      }
      return undefined;
    },
    quarantine(backend) {
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
 * Connects to a port of this machine.
 * @param done called once: with the connection, or with an error, which has the code `ETIMEDOUT` after `timeoutMs`
 */
export function connectTo(
  port: number,
  timeoutMs: number,
  done: (...result: [error: Error, socket: null] | [error: null, socket: Socket]) => void,
) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const timer = setTimeout(() => {
    const message = `Port ${port} does not take a connection within ${timeoutMs} ms.`;
    socket.destroy(Object.assign(new Error(message), { code: "ETIMEDOUT" }));
  }, timeoutMs);
  const failed = (error: Error) => {
    clearTimeout(timer);
    done(error, null);
  };
  socket.once("error", failed);
  socket.once("connect", () => {
    clearTimeout(timer);
    socket.off("error", failed);
    done(null, socket);
  });
  return socket;
}

/** Why a dyno did not take a connection. */
export function connectFailure(error: unknown): "H19" | "H21" {
  return (error as NodeJS.ErrnoException | undefined)?.code === "ETIMEDOUT" ? "H19" : "H21";
}

/**
 * undici honors a dyno's `Keep-Alive: timeout=5` hint. Heroku's router does not, so that an app must keep connections
 * longer than the router does; the negative threshold lifts every hint above the maximum. undici's own limits for
 * headers and body are off, because the router has its own. `maxHeaderSize` is unsourced: well above one header line.
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
