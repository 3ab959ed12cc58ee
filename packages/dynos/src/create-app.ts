import type { Addon } from "@repo/addons";
import type { App } from "./app.ts";
import { checkQuantities } from "./dyno/quantities.ts";
import { lastLines } from "./log.ts";
import type { Platform } from "./platform.ts";
import { makeSlug } from "./release/slug.ts";
import type { Config, Slug } from "./release/types.ts";

interface AppParts {
  platform: Platform;
  addons: readonly Addon[];
  ports: { port: number; httpsPort: number };
  secret: string | null;
  routed(): Record<string, number>;
  down(): Promise<void>;
  ended: Promise<void>;
}

/** The methods of an app that is up, on its platform. */
export function createApp(parts: AppParts): App {
  const { platform, addons, ports, secret, routed, down, ended } = parts;
  const { formation, releases, exclusively, log, progress } = platform;

  /** Without preboot all dynos are replaced at once: https://devcenter.heroku.com/articles/preboot (21 Oct 2024) */
  const releaseAndReplace = (description: string, make: () => Promise<[Slug, Config]>) =>
    exclusively(async () => {
      await platform.release(description, ...(await make()));
      const { procfile } = releases.current().slug;
      const gone = Object.keys(formation.quantities()).filter((type) => !procfile.has(type));
      await formation.scale(Object.fromEntries(gone.map((type) => [type, 0])));
      await platform.replaceDynos();
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
    secret,
    routed,
    ps: formation.ps,
    scale: (quantities) =>
      exclusively(async () => {
        checkQuantities(quantities, releases.current().slug.procfile);
        log.write("heroku", "api", `Scaled to ${JSON.stringify(quantities)}`);
        await formation.scale(quantities);
      }),
    restart: (which) => exclusively(() => formation.restart(which)),
    // Not after other tasks: a machine breaks at any time.
    kill: (name) => formation.kill(name),
    freeze: (name, ms) => formation.freeze(name, ms),
    setClock: (name, seconds) => exclusively(() => formation.setClock(name, seconds)),
    cycle: () => exclusively(formation.cycle),
    deploy: (dir = platform.dir) =>
      releaseAndReplace("Deploy", async () => {
        progress.say(`Copying ${dir}`);
        return [
          await makeSlug(dir, platform.folder.slugs, platform.name),
          releases.current().config,
        ];
      }),
    releases: releases.list,
    async rollback(version) {
      const earlier = releases.find(version);
      const make = async (): Promise<[Slug, Config]> => [earlier.slug, earlier.config];
      await releaseAndReplace(`Rollback to v${earlier.version}`, make);
    },
    config: () => ({ ...releases.current().config }),
    configSet: (vars) =>
      releaseAndReplace(`Set ${Object.keys(vars).join(", ")} config vars`, async () => {
        const { slug, config } = releases.current();
        return [slug, { ...config, ...vars }];
      }),
    addons: () =>
      addons.map((each) => ({
        name: each.name,
        plan: each.plan,
        state: each.state(),
        fillable: each.fillable,
        configVars: Object.keys(each.vars),
        notes: each.notes,
      })),
    addonStop: onAddon("stop"),
    addonStart: onAddon("start"),
    addonRestart: onAddon("restart"),
    async addonDisturb(name, disturbance) {
      const found = addon(name);
      const { kind = "undisturbed", ...more } = disturbance ?? {};
      log.write(
        "heroku",
        "api",
        `Add-on ${found.name}: ${[kind, ...Object.values(more)].join(" ")}`,
      );
      await found.disturb(disturbance);
    },
    affinity: platform.affinity,
    setAffinity: async (on) => platform.setAffinity(on),
    preboot: platform.preboot,
    setPreboot: async (on) => platform.setPreboot(on),
    async run(command, onOutput) {
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
    logs: (query) => lastLines(log, query),
    down,
    ended,
  };
}
