import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../test/app.ts";
import { makeSlug } from "./slug.ts";

const PROCFILE = "web: true\n";

test("a slug is the folder less .git and what .slugignore names", async () => {
  const folder = makeFolder({
    Procfile: PROCFILE,
    ".slugignore": "# not for dynos\n*.psd\n/docs\nspec/\n",
    "logo.psd": "",
    "docs.txt": "",
  });
  for (const name of [".git", "docs", "lib/docs", "lib/spec"]) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "file"), "");
  }
  const slug = await makeSlug(folder, makeFolder({}), "app");
  expect(readdirSync(slug.folder).sort()).toEqual([".slugignore", "Procfile", "docs.txt", "lib"]);
  expect(readdirSync(join(slug.folder, "lib"))).toEqual(["docs"]);
});

test("symbolic links and the right to execute survive", async () => {
  const folder = makeFolder({ Procfile: PROCFILE });
  writeFileSync(join(folder, "run"), "#!/bin/sh\n", { mode: 0o755 });
  symlinkSync("run", join(folder, "link"));
  for (const ignore of [false, true]) {
    if (ignore) writeFileSync(join(folder, ".slugignore"), "nothing\n");
    const slug = await makeSlug(folder, makeFolder({}), "app");
    expect(readlinkSync(join(slug.folder, "link"))).toBe("run");
    expect(lstatSync(join(slug.folder, "run")).mode & 0o111).toBe(0o111);
  }
});

test("an app whose package.json names a folder runs what its build left there", async () => {
  const packageJson = JSON.stringify({ name: "shop", dynos: { slug: "out" } });
  const folder = makeFolder({ "package.json": packageJson, "source.ts": "" });
  await expect(makeSlug(folder, makeFolder({}), "app")).rejects.toThrow(
    "Build the app first: `pnpm turbo run build --filter=shop`",
  );
  mkdirSync(join(folder, "out"));
  writeFileSync(join(folder, "out/Procfile"), PROCFILE);
  const slug = await makeSlug(folder, makeFolder({}), "app");
  expect(readdirSync(slug.folder)).toEqual(["Procfile"]);
  expect(slug.buildpack?.language).toBe("Node.js");
});

test("nothing is copied without a good Procfile", async () => {
  const parent = makeFolder({});
  await expect(makeSlug(makeFolder({ Procfile: "?\n" }), parent, "app")).rejects.toThrow("line 1");
  await expect(makeSlug(join(parent, "nowhere"), parent, "app")).rejects.toThrow(
    "There is no folder",
  );
  expect(existsSync(parent) && readdirSync(parent)).toEqual([]);
});
