import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
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
  const { stdout } = await run(join(slug, "bin/release"), { env: { ...process.env, APP: "one" } });
  expect(stdout).toContain("CREATE TABLE");
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

async function write(path: string, text: string, mode?: number): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text, { mode });
}
