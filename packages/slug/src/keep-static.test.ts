import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepStatic } from "./keep-static.ts";

let root: string;
let app: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "keep-static-"));
  app = join(root, "apps/one");
  await write("pnpm-workspace.yaml", "");
});
afterEach(() => rm(root, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

/** What `next build` and complete-slug leave of a release with these static files, and then the step itself. */
async function build(id: string, files: Record<string, string>): Promise<string[]> {
  await rm(join(app, ".next"), { recursive: true, force: true });
  const config = { config: id ? { deploymentId: id } : {} };
  await write("apps/one/.next/required-server-files.json", JSON.stringify(config));
  await write("apps/one/.next/BUILD_ID", "id-of-the-build");
  for (const folder of [".next/static", ".next/standalone/apps/one/.next/static"])
    for (const [name, text] of Object.entries(files))
      await write(`apps/one/${folder}/chunks/${name}`, text);
  await keepStatic(app);
  // Each build is a second later than the one before, whatever the clock says.
  builds += 1;
  await utimes(join(root, ".cache/static/apps/one", id || "id-of-the-build"), builds, builds);
  return inSlug();
}
let builds = 0;

const kept = () => readdir(join(root, ".cache/static/apps/one"));
const slugChunks = () => join(app, ".next/standalone/apps/one/.next/static/chunks");
const inSlug = async () => (await readdir(slugChunks())).sort();

test("a slug has the static files of the release before too, and its own win", async () => {
  expect(await build("1", { "a.js": "old", "shared.js": "old" })).toEqual(["a.js", "shared.js"]);
  expect(await build("2", { "b.js": "new", "shared.js": "new" })).toEqual([
    "a.js",
    "b.js",
    "shared.js",
  ]);
  expect(await readFile(join(slugChunks(), "shared.js"), "utf8")).toBe("new");
  expect(await readFile(join(slugChunks(), "a.js"), "utf8")).toBe("old");
});

test("the same code built again does not push out the release before", async () => {
  await build("1", { "a.js": "" });
  for (let time = 0; time < 5; time++) await build("2", { "b.js": "" });
  expect(await inSlug()).toEqual(["a.js", "b.js"]);
});

test("of older releases three are kept, so that slugs do not grow from deploy to deploy", async () => {
  for (const id of ["1", "2", "3", "4", "5", "6"]) await build(id, { [`${id}.js`]: "" });
  expect(await inSlug()).toEqual(["3.js", "4.js", "5.js", "6.js"]);
  expect((await kept()).sort()).toEqual(["3", "4", "5", "6"]);
});

test("a build without turbo has no deployment id, and is known by Next's build id", async () => {
  await build("1", { "a.js": "" });
  expect(await build("", { "b.js": "" })).toEqual(["a.js", "b.js"]);
  expect(await kept()).toContain("id-of-the-build");
});
