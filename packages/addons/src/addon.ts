import type { ServerProcess } from "./server.ts";

/** A service that an app is given through config vars, on a real server of its own. */
export interface Addon {
  /** `heroku-postgresql`; a second one of the same service is `heroku-postgresql-2`. */
  readonly name: string;
  /** `heroku-postgresql:essential-0` */
  readonly plan: string;
  /** The config vars that Heroku gives; the same over stops and starts. */
  readonly vars: Readonly<Record<string, string>>;
  /** Where it is less than on Heroku, in plain words. */
  readonly notes: readonly string[];
  state(): "available" | "stopped";
  start(): Promise<void>;
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** Stops it and deletes what it kept. */
  remove(): Promise<void>;
}

export interface AddonParts {
  name: string;
  plan: string;
  vars: Record<string, string>;
  notes?: string[];
  launch(): Promise<ServerProcess>;
  /** What to clean up after the last stop. */
  dispose(): void | Promise<void>;
}

/** The life of an add-on around one server process; resolves when the server answers. */
export async function startAddon(parts: AddonParts): Promise<Addon> {
  const { name, plan, vars, notes = [] } = parts;
  let server: ServerProcess | undefined;

  async function start(): Promise<void> {
    if (server?.lives()) return;
    server = await parts.launch();
  }
  async function stop(): Promise<void> {
    await server?.stop();
    server = undefined;
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
    async remove() {
      await stop();
      await parts.dispose();
    },
  };
  try {
    await start();
  } catch (error) {
    await parts.dispose();
    throw error;
  }
  return addon;
}
