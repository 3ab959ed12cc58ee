import { parseArgs } from "node:util";
import { readApps } from "@repo/registry";
import { inContainers } from "./platforms/in-containers.ts";
import { withoutContainers } from "./platforms/without-containers.ts";

const known = readApps().flatMap(({ manifests }) =>
  manifests.map(({ name }) => name.replace(":", "-")),
);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { containers: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
const [name = "", ...more] = positionals;
if (values.help || !known.includes(name) || more.length > 0) {
  console.log(
    `bin/check-compose [--containers] APP

Does what the compose file of APP says, with the current commit: builds, releases, starts the instances behind Caddy,
and asks load/continuity.ts through it. Without --containers the same commands run on this machine, which has to be
Linux; with it, Docker runs the file itself. What is not committed is not tested.

APP is one of ${known.join(", ")}.`,
  );
  process.exit(values.help ? 0 : 2);
}

const say = (text: string) => console.log(`[compose] ${name}: ${text}`);
try {
  await (values.containers ? inContainers : withoutContainers)(name, say);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
