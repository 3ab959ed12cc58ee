import { resolve } from "node:path";
import type { Command } from "commander";
import { parseAssignments } from "../release/config.ts";
import { say } from "./output.ts";
import { addTable, addVerb, call, type Flags } from "./verb.ts";

/** The verbs that make releases, or tell of them: deploy, releases, rollback, config, config:set. */
export function addReleaseVerbs(program: Command): void {
  addVerb(program, "deploy [dir]", "make a release from the app's folder, or another one").action(
    async (dir: string | undefined, flags: Flags) => {
      await call(flags, "deploy", dir && resolve(dir));
      say("Deployed");
    },
  );
  addTable(program, "releases", "list the releases, the newest first", (releases) =>
    releases.map(({ version, status, current, description, createdAt }) => [
      version,
      current ? "current" : status,
      createdAt,
      description,
    ]),
  );
  addVerb(program, "rollback [version]", "go back to the slug and config of a release").action(
    async (version: string | undefined, flags: Flags) => {
      await call(flags, "rollback", version);
      say(`Rolled back to ${version ?? "the release before"}`);
    },
  );
  addTable(program, "config", "list the config vars", (config) =>
    Object.entries(config)
      .sort()
      .map(([name, value]) => [`${name}:`, value]),
  );
  addVerb(program, "config:set <KEY=value...>", "set config vars, all in one release").action(
    async (texts: string[], flags: Flags) => {
      const vars = parseAssignments(texts);
      await call(flags, "configSet", vars);
      say(`Set ${Object.keys(vars).join(", ")}`);
    },
  );
}
