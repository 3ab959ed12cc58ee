import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { readResults } from "@repo/report/results";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { compare } from "../test/command.ts";

let out = "";
beforeEach(() => {
  out = temporaryFolder();
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "compare-any-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function verdicts() {
  const { apps } = readResults(out);
  const verdictsOf = ({ scenarios }: (typeof apps)[number]) =>
    Object.fromEntries(Object.entries(scenarios).map(([name, { verdict }]) => [name, verdict]));
  return Object.fromEntries(apps.map((app) => [app.name, verdictsOf(app)]));
}

it("installs and measures a peer", async () => {
  const { exitCode, stderr } = await compare("--peers", "express-redis", "--quick", "--out", out);
  const works = { spread: "works", continuity: "works", "sign-in": "works", isolation: "works" };
  expect(verdicts(), stderr).toEqual({ "express-redis": works });
  expect(exitCode).toBe(0);
});

// After the test above Express is installed; alone, this one installs it.
it("measures any folder, expects nothing of it, and speaks of that app alone", async () => {
  const folder = join(ROOT, "peers/express");
  const { exitCode } = await compare(
    "--peers",
    "express-memory",
    "--scenarios",
    "spread",
    "--out",
    out,
  );
  expect(exitCode).toBe(0);
  const args = ["--dir", `my-app=${folder}:app.memory.json`, "--scenarios", "continuity,restart"];
  const own = await compare(...args, "--out", out);
  expect(verdicts(), own.stderr).toEqual({
    "my-app": { continuity: "breaks", restart: "not tested" },
  });
  expect(own.exitCode).toBe(0);
  expect(own.stdout).not.toMatch(/my-app \(my-app\)|next 1/);
  expect(Object.keys(readResults(out).versions)).toEqual(["k6", "node"]);
});

it("ends with 2 and the app's last words when its dynos crash", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "Procfile"), "web: echo no database here; exit 3\n");
  const args = ["--dir", `my-app=${folder}`, "--scenarios", "continuity", "--out", out];
  const { exitCode, stderr } = await compare(...args);
  expect(stderr).toContain("app[web.1]: no database here");
  expect(readResults(out).apps[0]?.error).toContain("Process exited with status 3");
  expect(exitCode).toBe(2);
});

it("says why a peer is left out", async () => {
  const { stderr } = await compare("--peers", "nothing", "--out", out);
  expect(stderr).toContain("There is no peer `nothing`. Choose from: ");
});
