import type { NextRequest, NextResponse } from "next/server.js";
import type { AuthOptions } from "next-auth";
import { type AuthHandler, authHandler } from "./auth/handler.ts";
import { authOptions } from "./auth/options.ts";
import { isProduction, type SessionConfig, sessionConfig } from "./config.ts";
import type { Strategy } from "./contract.ts";
import { SessionStoreError } from "./errors.ts";
import { setDynoHeaders } from "./http/dyno.ts";
import { guardRequests } from "./http/guard-requests.ts";
import { closeAtExit, drainOnSigterm } from "./http/shutdown.ts";
import { log } from "./log.ts";
import { holdingBody } from "./next/bodies.ts";
import { renewCookie } from "./next/proxy.ts";
import { nextRequestScope, type RequestScope } from "./next/request-scope.ts";
import type { AppSession, JsonFields, ReservedNames } from "./session/app-session.ts";
import { deviceOf } from "./session/device.ts";
import { type MySessions, mySessionsOf } from "./session/my-sessions.ts";
import { openSession } from "./session/open-session.ts";
import { lazy } from "./singletons.ts";
import { metered } from "./store/round-trips.ts";

export interface Sessions<Fields> extends MySessions {
  strategy: Strategy;
  /**
   * The visitor's session: in components, actions and route handlers. It reads once per request, however often it is called.
   * Where the store fails it throws `SessionStoreError`.
   */
  getSession(): Promise<AppSession<Fields>>;
  /** The value of `Server-Timing` for the request so far: `store;dur=1.2;desc="2 round trips"`. */
  serverTiming(): Promise<string>;
  /** For `src/app/api/auth/[...nextauth]/route.ts`, as GET and POST. */
  auth: AuthHandler;
  /** For next-auth's own `getServerSession(authOptions)`, which then shows the same user. */
  authOptions: AuthOptions;
  /** For `proxy.ts`: moves the expiry of a session that is kept in the cookie. Does nothing for other strategies. */
  renewCookie(request: NextRequest, response: NextResponse): Promise<void>;
  /** For `instrumentation.ts`: guards the server, drains it on SIGTERM, and then does what `boot()` does. */
  register(): Promise<void>;
  /** Stops the process where a config var is missing or wrong. A store that does not answer yet is only a warning. */
  boot(): Promise<void>;
  /** For /readyz: throws `SessionStoreError` where the store does not answer. */
  ready(): Promise<void>;
}

/** Builds everything that an app does with sessions on one strategy. `Fields` may hold what JSON can. */
export function sessions<Fields extends JsonFields<Fields> & { [K in ReservedNames]?: never }>(
  strategy: Strategy,
  readConfig: () => SessionConfig = sessionConfig,
  requestScope: () => Promise<RequestScope> = nextRequestScope,
): Sessions<Fields> {
  const config = lazy(readConfig);

  /** Counts the round trips of `work` on the request's meter, and notes its failure. */
  function runIn<T>(scope: RequestScope, work: () => Promise<T>): Promise<T> {
    return metered(scope.meter, () => holdingBody(scope.bodyBytes ?? 0, work)).catch((error) => {
      scope.failure = error;
      throw error;
    });
  }

  const runInRequest = async <T>(work: () => Promise<T>) => runIn(await requestScope(), work);

  async function getSession(): Promise<AppSession<Fields>> {
    const scope = await requestScope();
    if (scope.session) return scope.session as Promise<AppSession<Fields>>;
    const run = <T>(work: () => Promise<T>) => runIn(scope, work);
    scope.session = run(() =>
      openSession<object>(strategy, scope.jar, config(), {
        mayTouch: !scope.isPoll,
        run,
        device: () => deviceOf(scope.userAgent),
      }),
    );
    return scope.session as Promise<AppSession<Fields>>;
  }

  async function boot(): Promise<void> {
    try {
      assertMaximumHolds(strategy, config());
      await strategy.ready().catch(warnIfStoreFails);
    } catch (error) {
      if (isProduction) stopTheBoot(error);
      throw error;
    }
    closeAtExit(() => strategy.close());
  }

  const options = authOptions(getSession as never, config);
  return {
    strategy,
    getSession,
    ...mySessionsOf(strategy, getSession as never, runInRequest),
    async serverTiming() {
      const { roundTrips, milliseconds } = (await requestScope()).meter;
      return `store;dur=${milliseconds.toFixed(1)};desc="${roundTrips} round trips"`;
    },
    auth: authHandler(options, config, requestScope),
    authOptions: options,
    renewCookie: (request, response) => renewCookie(strategy, config(), request, response),
    async register() {
      guardRequests();
      setDynoHeaders();
      drainOnSigterm();
      await boot();
    },
    boot,
    ready: () => strategy.ready(),
  };
}

/** A limit that is set and not kept would be worse than none. */
function assertMaximumHolds({ name, cannotList }: Strategy, { maxPerUser }: SessionConfig): void {
  if (maxPerUser === undefined || !cannotList) return;
  throw new Error(
    `[session] The ${name} strategy cannot keep to config var \`SESSION_MAX_PER_USER\`. ${cannotList} Or unset it.`,
  );
}

function warnIfStoreFails(error: unknown): void {
  if (!(error instanceof SessionStoreError)) throw error;
  log("warn", `${error.message}. Starting anyway; /readyz answers 200 once it is available.`);
}

/** Next would log what `register` throws, and go on to answer every request with 500. */
function stopTheBoot(error: unknown): never {
  log("error", error instanceof Error ? error.message : String(error));
  process.exit(1);
}
