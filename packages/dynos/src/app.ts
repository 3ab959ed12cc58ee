import type { Addon } from "@repo/addons";
import { checkQuantities, type Quantities } from "./dyno/quantities.ts";
import { type LogQuery, lastLines } from "./log-query.ts";
import type { Platform } from "./platform.ts";
import type { Config } from "./release/config.ts";
import { makeSlug, type Slug } from "./release/slug.ts";

export interface AppParts {
  platform: Platform;
  addons: readonly Addon[];
  ports: { port: number; httpsPort: number };
  down(): Promise<void>;
  ended: Promise<void>;
}

/** An app that is up. Every method resolves when its effect is complete. */
export type App = ReturnType<typeof createApp>;

export function createApp({ platform, addons, ports, down, ended }: AppParts) {
  const { formation, releases, inTurn, log, progress } = platform;

  /** Releases, then replaces all dynos at once, as Heroku does without preboot. */
  const releaseAndReplace = (description: string, make: () => Promise<[Slug, Config]>) =>
    inTurn(async () => {
      await platform.release(description, ...(await make()));
      const { procfile } = releases.current().slug;
      const gone = Object.keys(formation.quantities()).filter((type) => !procfile.has(type));
      await formation.scale(Object.fromEntries(gone.map((type) => [type, 0])));
      await formation.restart();
    });

  function addon(name: string): Addon {
    const found = addons.find((each) => each.name === name || each.plan === name);
    if (found) return found;
    const names = addons.map((each) => each.name).join(", ") || "none";
    throw new Error(`[dynos] There is no add-on \`${name}\`. There are: ${names}.`);
  }

  const onAddon = (verb: "start" | "stop" | "restart") => async (name: string) => {
    const found = addon(name);
    log.write("heroku", "api", `Add-on ${found.name}: ${verb}`);
    await found[verb]();
  };

  return {
    name: platform.name,
    url: `http://localhost:${ports.port}`,
    httpsUrl: `https://localhost:${ports.httpsPort}`,
    ps: formation.ps,
    /** `{ web: 3 }`. Resolves when the new dynos are up and those taken away have ended. */
    scale: (quantities: Quantities) =>
      inTurn(async () => {
        checkQuantities(quantities, releases.current().slug.procfile);
        log.write("heroku", "api", `Scaled to ${JSON.stringify(quantities)}`);
        await formation.scale(quantities);
      }),
    /** One dyno (`web.1`), a process type, or all of them. Resolves when the new ones are up. */
    restart: (which?: string) => inTurn(() => formation.restart(which)),
    /** SIGKILL without a warning, as if the machine broke. Resolves when its successor is up. */
    kill: (name: string) => formation.kill(name),
    /** Restarts one dyno after the other. */
    cycle: () => inTurn(formation.cycle),
    /** A new release from the app's folder, or another one. */
    deploy: (dir = platform.dir) =>
      releaseAndReplace("Deploy", async () => {
        progress.say(`Copying ${dir}`);
        return [await makeSlug(dir, platform.folder.slugs), releases.current().config];
      }),
    releases: releases.list,
    /** A new release with slug and config vars of an earlier one; by default the one before. */
    async rollback(version?: string) {
      const earlier = releases.find(version);
      const make = async (): Promise<[Slug, Config]> => [earlier.slug, earlier.config];
      await releaseAndReplace(`Rollback to v${earlier.version}`, make);
    },
    config: (): Config => ({ ...releases.current().config }),
    /** Any number of config vars in one release. */
    configSet: (vars: Config) =>
      releaseAndReplace(`Set ${Object.keys(vars).join(", ")} config vars`, async () => {
        const { slug, config } = releases.current();
        return [slug, { ...config, ...vars }];
      }),
    addons: () =>
      addons.map((each) => ({
        name: each.name,
        plan: each.plan,
        state: each.state(),
        configVars: Object.keys(each.vars),
        notes: each.notes,
      })),
    addonStop: onAddon("stop"),
    addonStart: onAddon("start"),
    addonRestart: onAddon("restart"),
    affinity: platform.affinity,
    setAffinity: async (on: boolean) => platform.setAffinity(on),
    /** A command in a dyno of its own, with the current release; answers its exit code and output. */
    async run(command: string, onOutput?: (text: string) => void) {
      const output: string[] = [];
      const onLine = (text: string) => {
        output.push(text);
        onOutput?.(text);
      };
      const { slug, config } = releases.current();
      const { record, folder } = platform;
      const parent = folder.dynos;
      const code = await platform.oneOffs.run({
        type: "run",
        command,
        slug,
        config,
        parent,
        record,
        onLine,
      });
      return { code, output: output.join("\n") };
    },
    /** The last lines of the log, in Heroku's format. */
    logs: (query?: LogQuery) => lastLines(log, query),
    down,
    /** Resolves when it is down, whoever took it down. */
    ended,
  };
}
