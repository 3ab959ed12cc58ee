import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AddonStatus, App } from "../app.ts";
import { canSetClocks } from "../dyno/clock.ts";
import { watchWaits } from "./waits.ts";

/** What a script may trigger: `restart`, `scale-4`, `store-stop`, … */
export type EventHandlers = Record<string, () => Promise<unknown>>;

/** An address by which a script triggers events. */
export interface Events {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Lets a running script trigger events. It sends `POST ${url}/${event}` and gets 204 when the event's effect is
 * complete, or 500 with the reason if it failed. `GET ${url}` says which events there are, how many requests the
 * router has passed to each dyno, and when a dyno waited for a processor since the first such request. The server listens
 * on loopback only, behind a random token, because it restarts things.
 */
export async function serveEvents(
  handlers: EventHandlers,
  { routed, ps }: Pick<App, "routed" | "ps"> = { routed: () => ({}), ps: () => [] },
): Promise<Events> {
  let watched: ReturnType<typeof watchWaits> | undefined;
  const path = `/${randomBytes(16).toString("hex")}/`;
  const server = createServer(async (request, response) => {
    const url = request.url ?? "";
    if (request.method === "GET" && `${url}/` === path) {
      watched ??= watchWaits(ps);
      const { waits } = watched;
      const body = JSON.stringify({ events: Object.keys(handlers), routed: routed(), waits });
      response.writeHead(200, { "content-type": "application/json" }).end(body);
      return;
    }
    const name = url.startsWith(path) ? url.slice(path.length) : "";
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (request.method !== "POST" || !handler) {
      const known = Object.keys(handlers).join(", ");
      response.writeHead(404).end(`There is no such event. Choose from: ${known}.`);
      return;
    }
    try {
      await handler();
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });
  // A kept connection could close just as an event is sent on it, and clients do not repeat a POST.
  server.maxRequestsPerSocket = 1;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path.slice(0, -1)}`,
    async close() {
      watched?.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * The events of the scripts in `load/`, done to an app on local dynos.
 * @param changed a folder with the same app, built from changed code
 */
export function appEvents(app: App, changed?: string): EventHandlers {
  const { secret } = app;
  const [store] = app.addons();
  return {
    restart: () => app.restart(),
    "scale-1": () => app.scale({ web: 1 }),
    "scale-2": () => app.scale({ web: 2 }),
    "scale-4": () => app.scale({ web: 4 }),
    deploy: () => app.deploy(),
    ...(changed ? changedEvents(app, changed) : {}),
    rollback: () => app.rollback(),
    ...(secret ? rotation(app, secret) : {}),
    ...Object.fromEntries(
      [1, 2, 3].flatMap((dyno) => [
        [`kill-${dyno}`, () => app.kill(`web.${dyno}`)],
        [`freeze-${dyno}`, () => app.freeze(`web.${dyno}`, FROZEN_MS)],
      ]),
    ),
    ...(canSetClocks() ? clockEvents(app) : {}),
    ...(store ? storeEvents(app, store) : {}),
  };
}

function changedEvents(app: App, changed: string): EventHandlers {
  return {
    "deploy-changed": () => app.deploy(changed),
    "deploy-changed-preboot": async () => {
      await app.setPreboot(true);
      await app.deploy(changed).finally(() => app.setPreboot(false));
    },
  };
}

/** Long enough to be noticed, and less than what a request may take. */
const FROZEN_MS = 2_000;

/** As far as iron-session lets two clocks differ, and with it cookie-app. */
const CLOCK_SECONDS = -60;

function clockEvents(app: App): EventHandlers {
  let wrong: string | undefined;
  return {
    ...Object.fromEntries(
      [1, 2, 3].map((dyno) => [
        `clock-${dyno}`,
        () => {
          wrong = `web.${dyno}`;
          return app.setClock(wrong, CLOCK_SECONDS);
        },
      ]),
    ),
    "clock-mend": async () => wrong && app.setClock(wrong, 0),
  };
}

function storeEvents(app: App, { name, fillable }: AddonStatus): EventHandlers {
  const slow = (ms: number) => () => app.addonDisturb(name, { kind: "slow", ms });
  return {
    "store-restart": () => app.addonRestart(name),
    "store-stop": () => app.addonStop(name),
    "store-start": () => app.addonStart(name),
    "store-freeze": () => app.addonDisturb(name, { kind: "freeze" }),
    "store-cut": () => app.addonDisturb(name, { kind: "cut" }),
    ...(fillable ? { "store-fill": () => app.addonDisturb(name, { kind: "fill" }) } : {}),
    "store-slow": slow(200),
    "store-slow-1": slow(1),
    "store-slow-5": slow(5),
    "store-mend": () => app.addonDisturb(name, null),
  };
}

/**
 * The app's secret is replaced in two steps, so that the dynos of both releases may accept each other's cookies while
 * they overlap: first every dyno accepts the new one (`NAME_PREVIOUS`), then every dyno uses it.
 */
function rotation(app: App, name: string): EventHandlers {
  const previous = `${name}_PREVIOUS`;
  return {
    "rotate-accept": () => app.configSet({ [previous]: randomBytes(32).toString("hex") }),
    "rotate-use": async () => {
      const { [name]: old, [previous]: next } = app.config();
      if (!old || !next) throw new Error(`there is no \`${previous}\` to rotate to`);
      await app.configSet({ [name]: next, [previous]: old });
    },
  };
}
