import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../test/app.ts";
import { readManifest } from "./manifest.ts";

const read = (manifest: unknown) =>
  readManifest(join(makeFolder({ "app.json": JSON.stringify(manifest) }), "app.json"));

test("an add-on may be a plan's name or an object", () => {
  const { addons } = read({
    addons: ["heroku-postgresql:essential-0", { plan: "memcachier:dev", as: "CACHE" }],
  });
  expect(addons).toEqual([
    { plan: "heroku-postgresql:essential-0" },
    { plan: "memcachier:dev", as: "CACHE" },
  ]);
});

test("env, formation and postdeploy are read", () => {
  const env = { SECRET: { generator: "secret" }, MODE: { value: "x", required: false } };
  const formation = { web: { quantity: 2, size: "standard-1x" } };
  const manifest = read({ env, formation, scripts: { postdeploy: "echo hi" } });
  expect(manifest).toMatchObject({ env, postdeploy: "echo hi", addons: [] });
  expect(manifest.formation).toEqual({ web: { quantity: 2 } });
});

test("a config var may be its value alone", () => {
  expect(read({ env: { BUILDPACK_URL: "https://example.com" } }).env).toEqual({
    BUILDPACK_URL: { value: "https://example.com" },
  });
});

test("a size may have any case, and a quantity may be left out", () => {
  const { formation, warnings } = read({ formation: { web: { size: "Standard-1X" } } });
  expect(formation).toMatchObject({ web: { quantity: 1 } });
  expect(warnings).toEqual([]);
});

test.each([
  [{ env: { A: { value: 1 } } }, "`env.A.value`: expected string"],
  [{ env: { A: { generator: "uuid" } } }, '`env.A.generator`: expected "secret"'],
  [{ formation: { web: { quantity: "2" } } }, "`formation.web.quantity`: expected number"],
  [{ formation: { web: { quantity: 1.5 } } }, "`formation.web.quantity`: expected int"],
  [{ addons: [{ as: "X" }] }, "`addons.0.plan`: expected string"],
  [[], "`app.json`: expected object"],
])("%j is refused, with the key", (manifest, message) => {
  expect(() => read(manifest)).toThrow(message);
});

test("each wrong key has its line", () => {
  expect(() => read({ env: 1, addons: 2 })).toThrow(/`env`.*\n.*`addons`/);
});

test.each([
  [{ $schema: "x" }, "$schema"],
  [{ healthchecks: { web: [] } }, "healthchecks"],
  [{ env: { A: { value: "x", sync: true } } }, "env.A.sync"],
  [{ formation: { web: { quantity: 1, max_parallel: 2 } } }, "formation.web.max_parallel"],
  [{ scripts: { deploy: "x" } }, "scripts.deploy"],
])("a key that Heroku does not document is a warning: %j", (manifest, key) => {
  expect(read(manifest).warnings).toEqual([
    expect.stringContaining(`\`${key}\` is not a key that Heroku documents`),
  ]);
});

test("documented keys do not warn", () => {
  const manifest = {
    ...{ name: "x", description: "x", keywords: [], website: "x", repository: "x", logo: "x" },
    ...{ success_url: "/", stack: "heroku-26", image: "heroku/nodejs", buildpacks: [{ url: "x" }] },
    environments: { test: { scripts: { test: "x" } } },
    scripts: { postdeploy: "x", "pr-predestroy": "x" },
    addons: [{ plan: "heroku-redis", as: "X", options: { version: "7" } }],
  };
  expect(read(manifest).warnings).toEqual([]);
});

test("what is not JSON is refused", () => {
  const path = join(makeFolder({ "app.json": '{"name": }' }), "app.json");
  expect(() => readManifest(path)).toThrow(/is not JSON: Unexpected token/);
});

test("an app needs no app.json, unless it was asked for", () => {
  const path = join(makeFolder({}), "other.json");
  expect(readManifest(path, { optional: true })).toMatchObject({ env: {}, addons: [] });
  expect(() => readManifest(path)).toThrow("Missing manifest");
});
