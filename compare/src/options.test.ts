import { join, relative } from "node:path";
import type { App } from "@repo/registry";
import { readPeers } from "@repo/registry/peers";
import { describe, expect, it } from "vitest";
import { parseOptions } from "./options.ts";

const traits = {
  sharedByDynos: true,
  survivesDynoRestart: true,
  survivesStoreRestart: true,
  revocable: true,
  keepsParallelWrites: true,
  listsSessions: true,
  maxBytes: 1000,
};
const manifest = (name: string, variant: string | null = null) => ({
  name,
  variant,
  file: variant ? `app.${variant}.json` : "app.json",
  ...{ env: {}, formation: {}, addons: [] },
});
const apps: App[] = [
  {
    ...{ name: "a-app", dir: "/a", title: "A", traits },
    manifests: [manifest("a-app"), manifest("a-app:redis", "redis")],
  },
  {
    ...{ name: "b-app", dir: "/b", title: "B", traits: { ...traits, sharedByDynos: false } },
    manifests: [manifest("b-app")],
  },
];
const scenarios = ["spread", "continuity", "sign-in", "isolation", "restart", "cost"];
const parse = (...args: string[]) => parseOptions(args, { apps, scenarios });
const names = (...args: string[]) => parse(...args).columns.map(({ name }) => name);

describe("columns", () => {
  it("are all apps, their variants, and what shares nothing once more with affinity", () => {
    expect(names()).toEqual(["a-app", "a-app:redis", "b-app", "b-app:affinity"]);
  });

  it("are those that were asked for", () => {
    expect(names("--apps", "b-app,a-app:redis")).toEqual(["a-app:redis", "b-app"]);
  });

  it("with affinity are a column too", () => {
    const column = parse("--apps", "b-app:affinity").columns[0];
    expect(column).toMatchObject({ affinity: true, title: expect.stringContaining("affinity") });
  });

  it("are the deployed apps where addresses are given, with the traits of their namesakes", () => {
    const { columns } = parse("--url", "a-app=https://a.example/", "--url", "x=https://x.example");
    expect(columns.map(({ name, url, traits, local }) => ({ name, url, traits, local }))).toEqual([
      { name: "a-app", url: "https://a.example", traits, local: null },
      { name: "x", url: "https://x.example", traits: null, local: null },
    ]);
  });
});

describe("a folder of one's own", () => {
  const dir = join(import.meta.dirname, "../../packages/dynos/fixtures/node");

  it("comes alone, with a manifest if one is named", () => {
    const { columns } = parse("--dir", `mine=${dir}`, "--dir", `other=${dir}`);
    expect(columns.map(({ name, traits, local }) => [name, traits, local?.dir])).toEqual([
      ["mine", null, dir],
      ["other", null, dir],
    ]);
    const folder = relative(process.cwd(), join(import.meta.dirname, "../../peers/express"));
    const [column] = parse("--dir", `mine=${folder}:app.redis.json`, "--sign-in", "/in").columns;
    expect(column).toMatchObject({
      signIn: "/in",
      local: { app: null, manifest: "app.redis.json", addons: ["heroku-redis:mini"] },
    });
  });

  it("comes beside our apps where they are named", () => {
    expect(names("--dir", `mine=${dir}`, "--apps", "a-app")).toEqual(["a-app", "mine"]);
  });
});

describe("scenarios", () => {
  it("are all of them, in their order, however they were asked for", () => {
    expect(parse().scenarios).toEqual(scenarios);
    expect(parse("--scenarios", "restart,continuity").scenarios).toEqual(["continuity", "restart"]);
  });

  it("are four when it has to be quick", () => {
    expect(parse("--quick").scenarios).toEqual(["spread", "continuity", "sign-in", "isolation"]);
  });
});

it.each([
  [
    ["--apps", "c-app"],
    "There is no app `c-app`. Choose from: a-app, a-app:redis, b-app, b-app:affinity.",
  ],
  [["--scenarios", "speed"], "There is no scenario `speed`. Choose from: spread, continuity"],
  [["--dynos", "none"], "`--dynos none` is not a number from 1 to 20."],
  [["--dynos", "0"], "`--dynos 0` is not a number from 1 to 20."],
  [["--url", "https://a.example"], "is not NAME=URL"],
  [["--quick", "--scenarios", "cost"], "`--quick` chooses the scenarios itself"],
  [["--apps", "../my-app"], "Use `--dir NAME=../my-app`"],
  [["--dir", "../my-app"], "is not NAME=FOLDER"],
  [["--dir", "mine=../nowhere"], "there is no folder `../nowhere`"],
  [["--dir", "a-app=.."], "`a-app` is an app of this repository"],
  [["--fast"], "--fast"],
])("says what is wrong with %j", (args, message) => {
  expect(() => parse(...args)).toThrow(message);
});

describe("peers", () => {
  const peers = readPeers();
  const names = (...args: string[]) =>
    parseOptions(args, { apps, peers, scenarios: ["spread", "deploy"] }).columns.map(
      ({ name }) => name,
    );

  it("with an option are asked only where the option matters", () => {
    expect(names("--peers", "express-cookie")).toEqual([
      "express-cookie",
      "express-cookie-rotation",
    ]);
    expect(names("--peers", "express-cookie", "--scenarios", "spread")).toEqual(["express-cookie"]);
  });
});
