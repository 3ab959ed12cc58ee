import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { answers } from "./server.ts";

const MANIFEST = {
  env: { PLAIN: "a", MODE: { value: "manifest" }, SECRET: { generator: "secret" } },
  addons: ["heroku-redis:mini"],
};
const PRINT = `node -p 'JSON.stringify(process.env)'`;

function withAddons(command: string, env: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), "addons-test-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, "app.json"), JSON.stringify(MANIFEST));
  const program = join(import.meta.dirname, "../bin/with-addons");
  return execa(program, [command], { cwd, env, reject: false });
}

test("a command gets the add-ons and config vars of app.json; its environment wins, and no server is left", async () => {
  const { exitCode, stdout } = await withAddons(PRINT, { MODE: "mine" });
  expect(exitCode).toBe(0);
  const seen = JSON.parse(stdout);
  expect(seen).toMatchObject({ PLAIN: "a", MODE: "mine" });
  expect(seen.SECRET).toMatch(/^[0-9a-f]{64}$/);
  const port = Number(new URL(seen.REDIS_URL).port);
  expect(port).toBeGreaterThan(0);
  expect(await answers(port)).toBe(false);
});

test("a server whose address is given is used instead, and the command's exit code is passed on", async () => {
  const { exitCode, stdout, stderr } = await withAddons("echo $REDIS_URL; exit 7", {
    REDIS_URL: "redis://mine",
  });
  expect([exitCode, stdout]).toEqual([7, "redis://mine"]);
  expect(stderr).not.toContain("heroku-redis");
});
