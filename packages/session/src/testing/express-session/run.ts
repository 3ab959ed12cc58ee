// express-session's own tests, on a store that @repo/session/express-store makes.
//
//   node packages/session/src/testing/express-session/run.ts [CHECKOUT]
//
// The npm package does not ship its tests, so they are cloned into .cache, unless CHECKOUT is a checkout of
// https://github.com/expressjs/session.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "@repo/registry";

const { version } = createRequire(import.meta.url)("express-session/package.json");
const run = (cwd: string, command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd, stdio: "inherit" });

function clone(): string {
  const folder = join(ROOT, ".cache", `express-session-${version}`);
  const url = "https://github.com/expressjs/session";
  if (!existsSync(folder))
    run(ROOT, "git", "clone", "--quiet", "--depth=1", `--branch=v${version}`, url, folder);
  return folder;
}

const [given] = process.argv.slice(2);
const checkout = given ? resolve(given) : clone();
const found = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")).version;
if (found !== version)
  throw new Error(`[session] \`${checkout}\` is express-session ${found}, and ours is ${version}.`);
if (!existsSync(join(checkout, "node_modules/mocha")))
  run(checkout, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error");
run(checkout, "sh", "test/support/gencert.sh");
const preload = fileURLToPath(import.meta.resolve("./preload.ts"));
run(
  checkout,
  join(checkout, "node_modules/.bin/mocha"),
  ...[
    "--exit",
    "--require",
    "test/support/env",
    "--require",
    preload,
    "--reporter",
    "dot",
    "test/",
  ],
);
