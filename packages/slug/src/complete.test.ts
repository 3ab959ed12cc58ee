import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { completeSlug } from "./complete.ts";

const run = promisify(execFile);
const repository = join(import.meta.dirname, "../../..");
let root: string;

/** A repository with one app as `next build` leaves it. */
const files: Record<string, string> = {
  "pnpm-workspace.yaml": "",
  Procfile: "web: bin/start-web\n",
  "apps/one/src/release.ts": `import { sql } from "./sql.ts"; const text: string = sql; console.log(text);`,
  "apps/one/src/sql.ts": `export const sql: string = "CREATE TABLE";`,
  "apps/one/public/robots.txt": "",
  "apps/one/.next/static/chunks/a.js": "",
  "apps/one/.next/standalone/apps/one/server.js":
    "console.log(process.env.HOSTNAME, process.env.KEEP_ALIVE_TIMEOUT)",
  "apps/one/.next/standalone/apps/one/.env.production":
    "SESSION_SECRET=from the developer's machine",
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slug-"));
  for (const [path, text] of Object.entries(files)) await write(path, text);
  for (const name of ["start-web", "release", "find-app"]) {
    await write(`bin/${name}`, await readFile(join(repository, "bin", name), "utf8"), 0o755);
  }
  await mkdir(join(root, "node_modules/@repo"), { recursive: true });
  await symlink(join(repository, "packages/session"), join(root, "node_modules/@repo/session"));
});
afterEach(() => rm(root, { recursive: true }));

test("a slug holds the start commands, the static files and the bundled release script", async () => {
  const slug = await completeSlug(join(root, "apps/one"));
  const found = await readdir(slug, { recursive: true });
  expect(found).toEqual(
    expect.arrayContaining([
      "Procfile",
      "bin/start-web",
      "bin/release",
      "apps/one/server.js",
      "apps/one/release.mjs",
      "apps/one/.next/static/chunks/a.js",
      "apps/one/public/robots.txt",
    ]),
  );
});

test("the release script runs from the slug alone, with all that it imports inside it", async () => {
  const slug = await completeSlug(join(root, "apps/one"));
  await rm(join(root, "apps/one/src"), { recursive: true });
  expect((await release(slug)).output).toContain("CREATE TABLE");
});

test("a wrong config var, of all apps or of this one, ends a release before anything is done", async () => {
  await write(
    "apps/one/src/stores/settings.ts",
    `export function readSettings() {
       if (process.env.STORE_URL !== "right") throw new Error("STORE_URL is wrong");
     }`,
  );
  const slug = await completeSlug(join(root, "apps/one"));
  for (const [env, message] of [
    [{ STORE_URL: "right", SESSION_SECRET: undefined }, "Missing config var `SESSION_SECRET`"],
    [{ STORE_URL: "right", SESSION_IDLE_SECONDS: "soon" }, '`SESSION_IDLE_SECONDS` is "soon"'],
    [{ STORE_URL: "nonsense" }, "STORE_URL is wrong"],
  ] as const) {
    const { code, output } = await release(slug, env);
    expect(output).toContain(message);
    expect(output).not.toContain("CREATE TABLE");
    expect(code).toBe(1);
  }
  expect((await release(slug, { STORE_URL: "right" })).code).toBe(0);
});

test("an app that has nothing to release has its config vars checked all the same", async () => {
  await completeSlug(join(root, "apps/one"));
  await rm(join(root, "apps/one/src/release.ts"));
  const slug = await completeSlug(join(root, "apps/one"));
  const right = await release(slug);
  expect(right.output).toContain("its config vars are right");
  expect(right.output).not.toContain("CREATE TABLE");
  expect(right.code).toBe(0);
  expect((await release(slug, { SESSION_SECRET: "short" })).code).toBe(1);
});

test("the first answer names its dyno, though the server asks nothing of Next yet", async () => {
  await write(
    "apps/one/.next/standalone/apps/one/server.js",
    `const { createServer } = require("node:http");
     const server = createServer((_, response) => response.end()).listen(0, "127.0.0.1", async () => {
       const { headers } = await fetch("http://127.0.0.1:" + server.address().port);
       console.log(headers.get("x-dyno"), headers.get("x-boot-id"));
       process.exit();
     });`,
  );
  const slug = await completeSlug(join(root, "apps/one"));
  const { output } = await runScript(slug, "start-web", { DYNO: "web.7" });
  expect(output).toMatch(/^web\.7 [\da-f]{16}$/m);
});

test("settings of the machine that built it do not travel in the slug", async () => {
  const slug = await completeSlug(join(root, "apps/one"));
  expect(await readdir(join(slug, "apps/one"))).not.toContain(".env.production");
});

test("a static file of an earlier build is gone after the next one", async () => {
  const slug = await completeSlug(join(root, "apps/one"));
  await rm(join(root, "apps/one/.next/static/chunks/a.js"));
  await completeSlug(join(root, "apps/one"));
  expect(await readdir(join(slug, "apps/one/.next/static/chunks"))).toEqual([]);
});

test("without a standalone build it says what to run", async () => {
  await rm(join(root, "apps/one/.next"), { recursive: true });
  await expect(completeSlug(join(root, "apps/one"))).rejects.toThrow("Run `next build`");
});

const release = (slug: string, changed?: Record<string, string | undefined>) =>
  runScript(slug, "release", changed);

/** Runs a script of the slug's `bin/`. */
async function runScript(
  slug: string,
  name: string,
  changed: Record<string, string | undefined> = {},
) {
  const SESSION_SECRET = "a secret of more than 32 characters";
  const env = { PATH: process.env.PATH, APP: "one", SESSION_SECRET, ...changed };
  return run(join(slug, "bin", name), { env }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  );
}

async function write(path: string, text: string, mode?: number): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text, { mode });
}
