import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "@repo/registry";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let root: string;

/** A repository with two apps and a turbo that only says what it was asked for. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "build-"));
  await cp(join(ROOT, "bin"), join(root, "bin"), { recursive: true });
  for (const app of ["one", "two"]) await mkdir(join(root, "apps", app), { recursive: true });
  await put("node_modules/.bin/turbo", '#!/bin/sh\necho "turbo $*"\n');
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string, text = "") {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text, { mode: 0o755 });
}

function run(script: string, APP?: string, ...args: string[]) {
  const env = { PATH: process.env.PATH, ...(APP !== undefined && { APP }) };
  return spawnSync(join(root, script), args, { env, encoding: "utf8" });
}

describe("bin/build", () => {
  test("builds all apps, and only one where APP is set, as on both of Heroku's buildpacks", () => {
    expect(run("bin/build").stdout).toBe("turbo run build\n");
    expect(run("bin/build", "two").stdout).toBe("turbo run build --filter=two\n");
    expect(run("bin/build", "two", "--one").stdout).toBe("turbo run build --filter=two\n");
  });

  test.each([
    [undefined, "Missing config var `APP`"],
    ["nope", "`APP` is `nope`, which is not an app"],
  ])("on Heroku, APP=%s ends the build with a message", (APP, message) => {
    const { status, stderr } = run("bin/build", APP, "--one");
    expect(stderr).toContain(`[build] `);
    expect(stderr).toContain(message);
    expect(status).toBe(1);
  });
});

test("packages that lie outside of the app, as on Heroku's Cloud Native buildpack, are installed inside it", async () => {
  // Real pnpm, and a package from a folder, which needs no registry.
  await rm(join(root, "node_modules"), { recursive: true });
  const store = await mkdtemp(join(tmpdir(), "virtual-store-"));
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, pnpm_config_virtual_store_dir: store };
  const turbo = "file:./packages/turbo";
  await put(
    "package.json",
    JSON.stringify({ name: "root", private: true, dependencies: { turbo } }),
  );
  await put("pnpm-workspace.yaml", "packages: []\n");
  await put("packages/turbo/package.json", JSON.stringify({ name: "turbo", bin: "turbo.sh" }));
  await put("packages/turbo/turbo.sh", "#!/bin/sh\nrealpath node_modules/turbo\n");
  const where = async () => (await realpath(join(root, "node_modules/turbo"))).split("/.pnpm/")[0];
  try {
    const install = spawnSync("pnpm", ["install", "--offline"], {
      cwd: root,
      env,
      encoding: "utf8",
    });
    expect(install.status, install.stdout).toBe(0);
    expect(await where()).toContain(await realpath(store));

    const { status, stdout, stderr } = spawnSync(join(root, "bin/build"), {
      env,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(stdout).toContain("[build] Installing again");
    expect(stdout.trim().split("\n").at(-1)).toContain(await realpath(root));
    expect(status).toBe(0);
    expect(await where()).toContain(await realpath(root));
  } finally {
    await rm(store, { recursive: true });
  }
}, 30_000);

describe("bin/slim", () => {
  test("leaves of a build what a dyno runs, and the packages in it", async () => {
    const kept = [
      "apps/one/.next/standalone/node_modules/next/index.js",
      "apps/one/.next/standalone/apps/one/server.js",
    ];
    const gone = [
      "apps/one/.next/cache/x",
      "apps/one/node_modules/x",
      "packages/ui/node_modules/x",
      "load/node_modules/x",
      ".turbo/x",
    ];
    for (const path of [...kept, ...gone, "Procfile"]) await put(path);
    expect(run("bin/slim", "one").status).toBe(0);
    const left = await readdir(root, { recursive: true });
    expect(left).toEqual(expect.arrayContaining([...kept, "Procfile", "bin/start-web"]));
    for (const path of gone) expect(left).not.toContain(dirname(path));
    expect(left).not.toContain("node_modules");
  });

  test("takes nothing away when the app is not built", async () => {
    expect(run("bin/slim", "one").stderr).toContain("[slim] `one` is not built");
    expect(await readdir(root)).toContain("node_modules");
  });
});
