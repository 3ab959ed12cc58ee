import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ROOT, readApps } from "./registry.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "registry-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const traits = {
  sharedByDynos: true,
  survivesDynoRestart: true,
  survivesStoreRestart: null,
  revocable: true,
  keepsParallelWrites: true,
  listsSessions: true,
  maxBytes: 1000,
};

function put(path: string, content: unknown): void {
  const file = join(root, "apps", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}

test("finds every folder of this repository, in the order cookie, database, cache, file", () => {
  const apps = readApps();
  expect(apps.map(({ name }) => name).sort()).toEqual(readdirSync(join(ROOT, "apps")).sort());
  const titles = apps.map(({ name }) => name);
  expect(titles.slice(0, 4)).toEqual(["cookie-app", "db-app", "cache-app", "file-app"]);
  for (const { dir, manifests } of apps) {
    expect(manifests[0]?.file).toBe("app.json");
    for (const { file } of manifests) expect(existsSync(join(dir, file))).toBe(true);
  }
});

test("a variant is named after the app and its manifest", () => {
  put("a-app/package.json", { strategy: { title: "A", traits } });
  put("a-app/app.redis.json", { addons: [{ plan: "heroku-redis:mini" }] });
  put("a-app/app.json", { formation: { web: { quantity: 2, size: "basic" } } });
  const [app] = readApps(root);
  expect(app?.manifests.map(({ name, variant, file }) => [name, variant, file])).toEqual([
    ["a-app", null, "app.json"],
    ["a-app:redis", "redis", "app.redis.json"],
  ]);
  expect(app?.manifests[1]?.addons).toEqual([{ plan: "heroku-redis:mini" }]);
});

test("an app without a port comes last, and a folder without a strategy is not an app", () => {
  put("a-app/package.json", { strategy: { title: "A", traits } });
  put("b-app/package.json", { strategy: { title: "B", traits }, dynos: { devPort: 3001 } });
  put("c-app/package.json", {});
  put("d-app/README.md", {});
  expect(readApps(root).map(({ name }) => name)).toEqual(["b-app", "a-app"]);
});

test("a wrong trait is named, with the file that declares it", () => {
  const { revocable: _, ...rest } = traits;
  put("a-app/package.json", { strategy: { title: "A", traits: rest } });
  expect(() => readApps(root)).toThrow(/a-app\/package\.json` is not valid[\s\S]*revocable/);
});
