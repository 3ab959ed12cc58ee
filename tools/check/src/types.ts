import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { join } from "node:path";
import { ROOT, readApps } from "@repo/registry";

// The types of every package by one compiler, which reads what they share once: 15 CPU seconds, where one process for
// each package takes 27, and turbo and pnpm around them 13 more.

/** Every project but those of dependencies and of what was built. */
const projects = globSync("**/tsconfig*.json", {
  cwd: ROOT,
  exclude: (path) => /(^|\/)(node_modules|\.[^/]*|tsconfig\.base\.json)$/.test(path),
});
if (projects.length === 0) throw new Error("[test] There is no tsconfig.json.");

// What Next.js makes of the routes' folders, and the apps' projects include.
const apps = readApps().map(({ dir }) => dir);
const made = await Promise.all(
  apps.map((dir) => run(join(dir, "node_modules/.bin/next"), ["typegen"], dir)),
);
if (made.some((code) => code !== 0)) process.exit(1);
process.exitCode = await run("tsc", ["--build", "--noEmit", ...projects], ROOT);

async function run(command: string, args: string[], cwd: string): Promise<number | null> {
  const [code] = await once(spawn(command, args, { cwd, stdio: "inherit" }), "exit");
  return code;
}
