import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "../src/operation.ts";
import { readHistory } from "../src/read.ts";
import type { Report } from "../src/report.ts";
import { op, same } from "./operations.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "history-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, lines: (Operation | string)[]): string {
  const file = join(folder, name);
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(file, `${text.join("\n")}\n`);
  return file;
}

const cli = join(repository, "packages/history/src/cli.ts");

function check(args: string[], input?: string) {
  const options = { cwd: folder, encoding: "utf8", input } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], options);
  return { status, stdout, stderr };
}

const app = (name: string) => join(repository, "apps", name, "package.json");
const first = op("visit", 0, 10, { received: "s", visits: 1 });
const lost = [
  first,
  op("visit", 20, 30, { ...same("s"), visits: 2 }),
  op("visit", 20, 31, { ...same("s"), visits: 2, tab: "2", dyno: "web.2" }),
];

test("--help names the options, the invariants and the exit codes", () => {
  const command = join(repository, "bin/check-history");
  const { status, stdout } = spawnSync(command, ["--help"], { encoding: "utf8" });
  expect(status).toBe(0);
  for (const word of ["--traits", "--promises", "--clock-error", "--skew", "--json", "Exit code"])
    expect(stdout).toContain(word);
});

describe("exit codes", () => {
  test("0 where all is well, and what was not exercised is said", () => {
    const { status, stdout } = check([write("good.jsonl", [first])]);
    expect(status).toBe(0);
    expect(stdout).toContain("Every promised invariant holds.");
    expect(stdout).toMatch(/– 7 .* not exercised/);
  });

  test("1 where something breaks, with the operations that show it as a timeline", () => {
    const { status, stdout } = check([write("lost.jsonl", lost)]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ 1 .* breaks \(1 violation, 3 checked\)/);
    expect(stdout).toContain("Two visits were acknowledged with the same number, 2.");
    expect(stdout).toMatch(
      /0 ms \+10 +├─+┤ +visitor 1, tab 1 +visit +s → s +web\.1 +200 +visits 2/,
    );
    expect(stdout).toContain("Broken promises: 1.");
  });

  test("0 where what breaks was not promised by the app's traits", () => {
    const file = write("lost.jsonl", lost);
    const cookie = check(["--traits", app("cookie-app"), file]);
    expect(cookie.status).toBe(0);
    expect(cookie.stdout).toMatch(/✗ 1 .* breaks \(1 violation, 3 checked, not promised\)/);
    expect(check(["--traits", app("db-app"), file]).status).toBe(1);
    expect(check(["--promises", "4,9", file]).status).toBe(0);
    expect(check(["--promises", "1,9", file]).status).toBe(1);
  });

  test("2 where the input cannot be used: the message names file, line and field", async () => {
    const { status, stderr } = check([write("bad.jsonl", [first, "{}"])]);
    expect(status).toBe(2);
    expect(stderr).toContain("bad.jsonl:2: ");
    const bad = async (line: unknown) => {
      const text = typeof line === "string" ? line : JSON.stringify(line);
      const reading = readHistory([write("bad.jsonl", [first, text])]);
      return String(await reading.catch((error: Error) => error.message));
    };
    expect(await bad("level=info msg=hello")).toContain("Not JSON");
    expect(await bad([])).toContain("Not a JSON object");
    expect(await bad({ ...first, op: "look" })).toContain(
      '`op` is "look"; it has to be one of read',
    );
    expect(await bad({ ...first, visitor: undefined })).toContain("`visitor` is missing");
    expect(await bad({ ...first, start: undefined })).toContain("`start` is missing");
    expect(await bad({ ...first, start: 20 })).toContain(
      "`end` is 10; it has to be `start` (20) or later",
    );
    expect(await bad({ ...first, op: "list", sessions: "s" })).toContain('`sessions` is "s"');
    expect(await bad({ ...first, op: "end" })).toContain("`sessions` is missing");
    expect(await bad({ ...first, op: "fault", fault: "rain" })).toContain('`fault` is "rain"');
  });

  test("2 where there is nothing to check, or an option is wrong", () => {
    const cases: [string[], string][] = [
      [[], "Which file?"],
      [["nowhere.jsonl"], "nowhere.jsonl: There is no such file."],
      [[write("empty.jsonl", [])], "There are no operations."],
      [["--promises", "12", "x"], "`--promises` is `12`"],
      [["--skew", "soon", "x"], "`--skew` is `soon`"],
      [["--traits", "nowhere.json", "x"], "nowhere.json"],
      [["--fast", "x"], "--fast"],
    ];
    for (const [args, message] of cases) {
      const { status, stderr } = check(args);
      expect(stderr).toContain(message);
      expect(status).toBe(2);
    }
  });
});

test("what each app promises follows from its traits", () => {
  const file = write("good.jsonl", [first]);
  const promised = (name: string) => {
    const { stdout } = check(["--json", "--traits", app(name), file]);
    const letters = { yes: "y", "in part": "p", no: "-" };
    return (JSON.parse(stdout) as Report).invariants
      .map((invariant) => letters[invariant.promised])
      .join("");
  };
  expect(promised("db-app")).toBe("yyyyyyyyyy");
  expect(promised("cache-app")).toBe("yyyyyyypyy");
  expect(promised("cookie-app")).toBe("--pppyyyy-");
  expect(promised("file-app")).toBe("----ppp-y-");
});

test("--json prints the report", () => {
  const { stdout } = check(["--json", write("lost.jsonl", lost)]);
  const report = JSON.parse(stdout) as Report;
  expect(report).toMatchObject({ ok: false, operations: 3, acknowledged: 3 });
  expect(report.invariants[0]).toMatchObject({ verdict: "breaks", violations: 1, promised: "yes" });
});

test("several files and the standard input are one history", () => {
  const one = write("one.jsonl", lost.slice(0, 2));
  const { status, stdout } = check([one, "-"], JSON.stringify(lost[2]));
  expect(stdout).toContain("3 operations of 1 visitor in 1 session");
  expect(status).toBe(1);
});
