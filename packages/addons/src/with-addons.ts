import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { onInterruption } from "./machine/interruption.ts";
import { endGroup, startGroup } from "./machine/processes.ts";
import { type AddonRequest, planAddons, startAddons } from "./services.ts";

const HELP = `with-addons COMMAND

Starts the add-ons of the folder's app.json, and runs COMMAND with its config vars until it ends. Variables of the
environment win; a server whose address is among them is used instead of an add-on.
`;

const STOP_WITHIN_MS = 5_000;

interface Manifest {
  env?: Record<string, string | { value?: string; generator?: string }>;
  addons?: (string | AddonRequest)[];
}

const [command] = process.argv.slice(2);
if (command === undefined || command === "--help" || command === "-h") {
  process.stdout.write(HELP);
  process.exit(command === undefined ? 2 : 0);
}

const { signal } = onInterruption(() => {});
const manifest: Manifest = JSON.parse(readFileSync("app.json", "utf8"));
const own = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => Boolean(entry[1])),
);
const say = (text: string) => console.error(`-----> ${text}`);

try {
  const requests = (manifest.addons ?? []).map((addon) =>
    typeof addon === "string" ? { plan: addon } : addon,
  );
  const addons = await startAddons(planAddons(requests, own), {}, say);
  try {
    const vars = Object.assign({}, ...addons.map((addon) => addon.vars));
    if (!signal.aborted) process.exitCode = await run(command, { ...declared(), ...vars, ...own });
  } finally {
    await Promise.all(addons.map((addon) => addon.remove()));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** The values of app.json, and a random one for each that Heroku would generate. */
function declared(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(manifest.env ?? {}).flatMap(([key, entry]) => {
      if (typeof entry === "string") return [[key, entry]];
      if (entry.generator === "secret") return [[key, randomBytes(32).toString("hex")]];
      return entry.value === undefined ? [] : [[key, entry.value]];
    }),
  );
}

/** Resolves with the exit code; 0 when Ctrl-C ended it. */
async function run(script: string, env: Record<string, string>): Promise<number> {
  const options = { cwd: process.cwd(), env, inheritOutput: true };
  const child = startGroup("/bin/sh", ["-c", script], options);
  child.stdin?.end();
  const { pid } = child;
  let stopping: Promise<unknown> | undefined;
  signal.addEventListener("abort", () => {
    if (pid !== undefined) stopping = endGroup(pid, "SIGTERM", STOP_WITHIN_MS);
  });
  const code = await new Promise<number>((resolve) =>
    child.once("exit", (exitCode) => resolve(exitCode ?? 1)),
  );
  await stopping;
  return signal.aborted ? 0 : code;
}
