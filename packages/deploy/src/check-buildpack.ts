import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { up } from "@repo/dynos";
import { ROOT, readApps } from "@repo/registry";
import { badInputs } from "./bad-inputs.ts";
import { buildEnv } from "./build-env.ts";
import { buildLikeHeroku } from "./buildpack.ts";
import { cloneDeployBranch, deployBranch } from "./deploy-branch.ts";
import { mustRun } from "./run.ts";
import { slugSize } from "./slug-size.ts";

/** On disk, without Node. It has 28; an image library or what bin/slim takes away would be more. */
const largestSlugMegabytes = 40;
const known = readApps().flatMap(({ manifests }) => manifests);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: "boolean", short: "h" } },
});
const chosen = known.find(({ name }) => name === positionals[0]);
if (values.help || !chosen || positionals.length > 1) {
  const names = known.map(({ name }) => name).join(", ");
  console.log(
    `bin/check-buildpack APP\n\nDeploys the current commit of APP as Heroku's classic Node buildpack does, to a local Heroku, and\nruns the HTTP suite against it. What is not committed is not tested.\n\nAPP is one of ${names}.`,
  );
  process.exit(values.help ? 0 : 2);
}
const { name, env: declared } = chosen;

const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 1000);
const say = (text: string) => console.log(`[buildpack] ${name}, ${seconds()} s: ${text}`);
const folder = await mkdtemp(join(tmpdir(), "buildpack-"));
// The local Heroku keeps secrets by app name; these are of no use to anyone later.
process.env.DYNOS_HOME = join(folder, "dynos");
try {
  say(`a clean clone of ${deployBranch(name)}`);
  const build = await cloneDeployBranch(name, folder);

  // What the Deploy button makes of `generator: "secret"`.
  const secrets = {
    SESSION_SECRET: randomBytes(32).toString("hex"),
    ACTIONS_SECRET: randomBytes(32).toString("hex"),
  };
  const given = Object.entries(declared).flatMap(([key, { value }]) =>
    value ? [[key, value]] : [],
  );
  await buildLikeHeroku(build, { ...Object.fromEntries(given), ...secrets }, say);

  const { packed, unpacked, withNode } = await slugSize(build);
  say(
    `the slug has ${unpacked} MB on disk and ${packed} MB packed, ${withNode} MB with the Node that the buildpack adds`,
  );
  if (unpacked > largestSlugMegabytes)
    throw new Error(`[deploy] That is over ${largestSlugMegabytes} MB.`);

  say("release and web, with app.json's config vars and the add-ons'");
  const running = await up({
    dir: build,
    name: "buildpack",
    // The suite asks what one process does; what several do is for bin/compare.
    web: 1,
    env: secrets,
    onProgress: say,
  });
  try {
    say("SPEC.md's HTTP suite");
    const suite = ["pnpm", "--filter", "@repo/e2e", "run", "test"];
    // `http` sends as many as count; here a few show that the deployed app is the same one.
    const hostile = { HOSTILE_REQUESTS: "200" };
    const env = buildEnv({ BASE_URL: running.httpsUrl, ...hostile, FORCE_COLOR: "0" });
    await mustRun(suite, { cwd: ROOT, env, onOutput: (text) => process.stdout.write(text) });
    await badInputs({ build, config: running.config(), say });
  } finally {
    await running.down();
  }
  say("deploys, runs and answers as SPEC.md says");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
