import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { withTools } from "../test/with-tools.ts";
import { k6Version, runScript } from "./k6.ts";

withTools();
const folder = mkdtempSync(join(tmpdir(), "compare-k6-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (code: string, signal = new AbortController().signal) => {
  const script = join(folder, "script.ts");
  writeFileSync(script, code);
  const summary = join(folder, "summary.json");
  return runScript({
    script,
    env: { WORD: "yes" },
    summary,
    history: join(folder, "history.jsonl"),
    samples: null,
    signal,
  });
};

it("knows k6's version", async () => {
  expect(await k6Version()).toMatch(/^2\.\d+\.\d+/);
});

it("says how to get k6 where there is none", async () => {
  const path = process.env.PATH;
  process.env.PATH = folder;
  await expect(k6Version()).rejects.toThrow("No `k6` found: version 2 is needed. Install it");
  process.env.PATH = path;
});

it("returns what the script summed up, with its options", async () => {
  const summary = {
    ...{ schema: 1, scenario: "continuity", question: "Does it?", app: "fixture", baseUrl: "" },
    ...{ verdict: "works", expected: "works", asExpected: true, dynosSeen: 3, affinity: false },
    ...{ requests: 9, failedRequests: 0, figures: { foundShare: 1 } },
  };
  const written = await run(`
    export default function () {}
    const summary = { ...${JSON.stringify(summary)}, headline: __ENV.WORD };
    export const handleSummary = () => ({ [__ENV.SUMMARY]: JSON.stringify(summary) });
  `);
  expect(written).toEqual({ ...summary, headline: "yes" });
});

it("names what is wrong with a summary", async () => {
  const written = await run(`
    export default function () {}
    export const handleSummary = () => ({ [__ENV.SUMMARY]: JSON.stringify({ schema: 1 }) });
  `);
  expect(written).toEqual({ failed: expect.stringMatching(/not valid[\s\S]*verdict/) });
});

it("gives k6's own words for a script that failed", async () => {
  expect(await run(`throw new Error("no such thing");`)).toEqual({
    failed: expect.stringContaining("no such thing"),
  });
});

it("does not take an older summary for this run's", async () => {
  writeFileSync(join(folder, "summary.json"), `{"verdict":"works"}`);
  expect(await run("export default function () {}")).toEqual({
    failed: "k6 ended with exit code 0 and no summary",
  });
});

it("kills k6 when it has to stop", async () => {
  const stop = new AbortController();
  const running = run(
    `import { sleep } from "k6"; export default function () { sleep(60) }`,
    stop.signal,
  );
  await sleep(300);
  stop.abort();
  expect(await running).toEqual({ failed: "k6 was killed (SIGKILL)" });
});
