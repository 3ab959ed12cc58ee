import type { Filler } from "./filler.ts";
import type { AddonOptions } from "./folder.ts";
import { freePort, givePortBack } from "./machine/ports.ts";
import { createRelay } from "./relay.ts";
import type { ServerProcess } from "./server.ts";

/** A service that an app reaches through its config vars, on a real server that belongs to this app alone. */
export interface Addon {
  /** `heroku-postgresql`; a second one of the same service is `heroku-postgresql-2`. */
  readonly name: string;
  /** `heroku-postgresql:essential-0` */
  readonly plan: string;
  /** The config vars that Heroku sets. They stay the same when it is stopped and started. */
  readonly vars: Readonly<Record<string, string>>;
  /** Where it differs from Heroku's, one sentence each. */
  readonly notes: readonly string[];
  state(): "available" | "stopped";
  start(): Promise<void>;
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** Whether it can be filled up: its memory has a limit on this machine. */
  readonly fillable: boolean;
  /**
   * Does something to it or to the way to it, until another one or `null` follows. Resolves when it is done. Rejects
   * for one that was started `direct`.
   */
  disturb(disturbance: Disturbance | null): Promise<void>;
  /** Stops it and deletes its data. */
  remove(): Promise<void>;
}

/** What happens to an add-on, or between an app and its add-on. */
export type Disturbance =
  | { readonly kind: "slow" /** Added to each round trip. */; readonly ms: number }
  /** No answer, and no refusal. */
  | { readonly kind: "freeze" }
  /** Every connection breaks. */
  | { readonly kind: "cut" }
  /** Its memory is full. */
  | { readonly kind: "fill" };

/** The program that stands in for a service on this machine. */
export interface ServerVersion {
  /** `valkey` */
  readonly name: string;
  /** `8.0.1` */
  readonly version: string;
}

/** All that this project knows of one add-on service. Each file that exports one is listed in `services.ts`. */
export interface AddonService {
  /** As in `app.json`: `heroku-postgresql`. */
  readonly name: string;
  /** What `bin/setup` calls the server that it needs. */
  readonly server: string;
  /** Dollars a month by plan. */
  readonly prices: Readonly<Record<string, number>>;
  /** Where the prices are from, and when they were last confirmed: `devcenter.heroku.com, May 2026`. */
  readonly pricesFrom: string;
  /** The prefix of its config vars, unless app.json's `as` gives another one: `DATABASE`. */
  readonly prefix: string;
  /** The config var by which an app finds it: `DATABASE_URL` for the prefix `DATABASE`. */
  addressVar(prefix: string): string;
  /** The local server; undefined where it is missing. */
  version(): ServerVersion | undefined;
  /** Resolves when the server answers. Throws `MissingProgram` where it is missing. */
  start(options?: AddonOptions): Promise<Addon>;
}

export interface AddonParts {
  name: string;
  plan: string;
  vars: Record<string, string>;
  notes?: string[];
  /** The port in `vars`. */
  port: number;
  /** What fills its memory; absent where that has no limit on this machine. */
  filler?: Filler;
  /** Whether the server itself listens there, with no relay before it. */
  direct?: boolean | undefined;
  /** Starts the server on this port. */
  launch(port: number): Promise<ServerProcess>;
  /** Cleans up after the last stop. */
  dispose(): void | Promise<void>;
}

/** The life of an add-on around one server process. Resolves when the server answers; cleans up when it does not. */
export async function startAddon(parts: AddonParts): Promise<Addon> {
  const { name, plan, vars, notes = [], filler, direct = false } = parts;
  const innerPort = direct ? parts.port : await freePort();
  const relay = direct ? undefined : createRelay(parts.port, innerPort);
  let server: ServerProcess | undefined;
  let makeRoom = async () => {};

  async function start(): Promise<void> {
    if (server?.lives()) return;
    server = await parts.launch(innerPort);
    await relay?.open();
  }
  async function stop(): Promise<void> {
    await server?.stop();
    server = undefined;
    await relay?.shut();
  }
  async function dispose(): Promise<void> {
    await relay?.shut();
    if (!direct) givePortBack(innerPort);
    await parts.dispose();
  }

  const addon: Addon = {
    name,
    plan,
    vars,
    notes,
    state: () => (server?.lives() ? "available" : "stopped"),
    start,
    stop,
    async restart() {
      await stop();
      await start();
    },
    fillable: filler !== undefined,
    async disturb(disturbance) {
      if (!relay)
        throw new Error(`[addons] Nothing can disturb \`${name}\`: it was started \`direct\`.`);
      if (disturbance?.kind === "fill") {
        if (!filler)
          throw new Error(
            `[addons] \`${name}\` has no limit on this machine that could be reached.`,
          );
        await makeRoom();
        makeRoom = await filler(innerPort);
        return;
      }
      await makeRoom();
      makeRoom = async () => {};
      if (disturbance === null) relay.mend();
      else if (disturbance.kind === "slow") relay.slow(disturbance.ms);
      else relay[disturbance.kind]();
    },
    async remove() {
      await stop();
      await dispose();
    },
  };
  try {
    await start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return addon;
}
