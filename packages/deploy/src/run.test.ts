import { expect, test } from "vitest";
import { mustRun, run } from "./run.ts";

const options = { cwd: "/", env: { PATH: process.env.PATH } };

test("returns the exit code and everything that was printed, in order", async () => {
  const shown: string[] = [];
  const command = ["sh", "-c", "echo one; echo two >&2; exit 3"];
  const onOutput = (text: string) => shown.push(text);
  expect(await run(command, { ...options, onOutput })).toEqual({ code: 3, output: "one\ntwo\n" });
  expect(shown.join("")).toBe("one\ntwo\n");
});

test("a command sees the environment that it is given, and nothing of this process", async () => {
  const env = { ...options.env, GIVEN: "yes" };
  expect(await mustRun(["sh", "-c", "echo $GIVEN $HOME"], { ...options, env })).toBe("yes\n");
});

test("a command that takes too long is ended, and has no exit code", async () => {
  expect((await run(["sleep", "60"], { ...options, timeoutMs: 50 })).code).toBe(null);
});

test("a command that does not exist is an error that names it", async () => {
  await expect(run(["no-such-command"], options)).rejects.toThrow("no-such-command");
});

test("a command that has to succeed fails with its output", async () => {
  await expect(mustRun(["sh", "-c", "echo no good; exit 2"], options)).rejects.toThrow(
    /ended with 2:\nno good$/,
  );
});
