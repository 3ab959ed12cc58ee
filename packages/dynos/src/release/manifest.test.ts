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
  expect(manifest).toMatchObject({ env, formation, postdeploy: "echo hi", addons: [] });
});

test.each([
  [{ $schema: "x" }, "`$schema` is no key that Heroku knows there"],
  [{ env: { lower: { value: "x" } } }, "`env.lower` is no key that Heroku knows there"],
  [{ env: { A: { value: 1 } } }, "`env.A.value` must be string"],
  [{ env: { A: { generator: "uuid" } } }, "`env.A.generator` must be one of secret"],
  [{ formation: { web: { quantity: "2" } } }, "`formation.web.quantity` must be integer"],
  [{ formation: { web: { size: "eco" } } }, "`formation.web.quantity` is missing"],
  [{ addons: [{ as: "X" }] }, "`addons.0` must be a plan's name, or an object with a `plan`"],
  [{ website: "not a uri" }, '`website` must match format "uri"'],
  [{ scripts: { deploy: "x" } }, "`scripts.deploy` is no key that Heroku knows there"],
  [[], "`app.json` must be object"],
])("Heroku would refuse %j", (manifest, message) => {
  expect(() => read(manifest)).toThrow(message);
});

test("each bad key has its line", () => {
  expect(() => read({ one: 1, two: 2 })).toThrow(/`one`.*\n.*`two`/);
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
