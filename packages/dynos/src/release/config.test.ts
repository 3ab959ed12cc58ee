import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stateRoot } from "../run/state-folder.ts";
import { firstConfig, parseAssignments } from "./config.ts";
import type { Manifest } from "./manifest.ts";

const manifest = (env: Manifest["env"]): Manifest => ({
  path: "app.json",
  env,
  formation: {},
  addons: [],
  postdeploy: undefined,
  warnings: [],
});

test("the user's values win over the add-ons', and those over the manifest's", () => {
  const env = { A: { value: "manifest" }, B: { value: "manifest" }, C: { value: "manifest" } };
  const config = firstConfig("x", manifest(env), { B: "addon", C: "addon" }, { C: "user" });
  expect(config).toEqual({ A: "manifest", B: "addon", C: "user" });
});

test("a required config var without a value is named", () => {
  const env = { TOKEN: { description: "From the vendor" } };
  expect(() => firstConfig("x", manifest(env), {}, {})).toThrow(
    'Missing config var `TOKEN` ("From the vendor")',
  );
  expect(firstConfig("x", manifest(env), {}, { TOKEN: "t" })).toEqual({ TOKEN: "t" });
  expect(firstConfig("x", manifest({ TOKEN: { required: false } }), {}, {})).toEqual({});
});

test("a generated secret is kept between runs of the same app, for its user's eyes only", () => {
  const env = { SECRET: { generator: "secret" as const } };
  const first = firstConfig("one", manifest(env), {}, {});
  expect(first.SECRET).toMatch(/^[0-9a-f]{64}$/);
  expect(firstConfig("one", manifest(env), {}, {})).toEqual(first);
  expect(firstConfig("two", manifest(env), {}, {})).not.toEqual(first);
  expect(statSync(join(stateRoot(), "one")).mode & 0o777).toBe(0o700);
  expect(statSync(join(stateRoot(), "one", "secrets.json")).mode & 0o777).toBe(0o600);
});

test("the value of an assignment may contain equals signs", () => {
  expect(parseAssignments(["A=b=c", "D="])).toEqual({ A: "b=c", D: "" });
  expect(() => parseAssignments(["=x"])).toThrow("`=x` is not of the form `KEY=value`");
});
