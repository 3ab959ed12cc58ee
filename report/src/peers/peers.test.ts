import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPeers } from "@repo/registry/peers";
import { expect, it, onTestFinished } from "vitest";
import { sampleApp, sampleResults, sampleScenario } from "../../test/sample.ts";
import { readmeFile } from "../readme.ts";
import { readResults } from "../results.ts";
import { peersMarkdown, readmeWithPeers, witnessesMarkdown, witnessFile } from "./markdown.ts";
import { publishPeers } from "./publish.ts";
import { peerTablesOf, readPeerTables } from "./table.ts";

const raw = ["express-redis/parallel.json", "express-redis/parallel.samples.json.gz"];
const breaks = sampleScenario({ verdict: "breaks", expected: null, headline: "9 of 48 lost", raw });
const run = (parallel = breaks) =>
  sampleResults([sampleApp({ name: "express-redis", traits: null, scenarios: { parallel } })]);

it("shows in the README what the published results say", () => {
  const table = readPeerTables();
  const readme = readFileSync(readmeFile, "utf8");
  // After a change: pnpm report --readme
  expect(table && readmeWithPeers(readme, table)).toBe(readme);
  expect(table && witnessesMarkdown(table)).toBe(readFileSync(witnessFile, "utf8"));
});

it("links the raw result of each cell, and a note for each known issue of a ✗", () => {
  const text = peersMarkdown(peerTablesOf(run(), readPeers()));
  expect(text).toContain(
    "[✗](report/published/peers/README.md#connect-redis-parallel-writes) [9 of 48 lost](report/published/peers/express-redis/parallel.json) <sup>1</sup>",
  );
  expect(text).toMatch(/^1\. .*without comparing versions.* \(\[source\]\(https:/m);
  expect(text).toContain("[connect-redis](https://github.com/tj/connect-redis#api)");
});

it("shows what an option of the library makes of a ✗, and only of a ✗", () => {
  const deploy = (verdict: "works" | "breaks", folder: string) =>
    sampleScenario({ verdict, headline: `${verdict} there`, raw: [`${folder}/deploy.json`] });
  const results = (verdict: "works" | "breaks") =>
    sampleResults([
      sampleApp({ name: "express-redis", scenarios: { deploy: deploy(verdict, "express-redis") } }),
      sampleApp({
        name: "express-redis-rotation",
        scenarios: { deploy: deploy("works", "express-redis-rotation") },
      }),
    ]);
  const mended =
    "<br>[✓ works there](report/published/peers/express-redis-rotation/deploy.json) with [`secret: [new, old]`](https:";
  expect(peersMarkdown(peerTablesOf(results("breaks"), readPeers()))).toContain(mended);
  expect(peersMarkdown(peerTablesOf(results("works"), readPeers()))).not.toContain("<br>");
});

it("has one table for each place where sessions live, without questions that it could not be asked", () => {
  const parallel = sampleScenario({ verdict: "not tested", headline: "not applicable" });
  const results = sampleResults([
    sampleApp({ name: "express-redis", scenarios: { parallel: breaks } }),
    sampleApp({ name: "next-auth", scenarios: { parallel, "sign-out": breaks } }),
  ]);
  const { groups } = peerTablesOf(results, readPeers());
  expect(
    groups.map(({ title, rows }) => [title, rows.map(({ question }) => question.label)]),
  ).toEqual([
    ["Sessions in the cookie", ["Final sign-out"]],
    ["Sessions in a cache", ["Parallel writes"]],
  ]);
});

it("has no note where a known issue did not show", () => {
  const works = { ...breaks, verdict: "works" as const };
  expect(peersMarkdown(peerTablesOf(run(works), readPeers()))).not.toContain("<sup>");
});

it("publishes the results of a run with their summaries alone, the later of two runs for each system", () => {
  const folder = mkdtempSync(join(tmpdir(), "report-peers-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [first = "", second = "", target = ""] = ["1", "2", "out"].map((name) =>
    join(folder, name),
  );
  for (const [at, headline] of [
    [first, "old"],
    [second, "new"],
  ] as const) {
    mkdirSync(join(at, "express-redis"), { recursive: true });
    for (const file of raw) writeFileSync(join(at, file), headline);
    writeFileSync(join(at, "results.json"), JSON.stringify(run({ ...breaks, headline })));
  }
  publishPeers([first], target);
  publishPeers([second], target);
  const { apps } = readResults(target);
  expect(apps.map(({ scenarios }) => scenarios.parallel?.headline)).toEqual(["new"]);
  expect(apps[0]?.scenarios.parallel?.raw).toEqual(["express-redis/parallel.json"]);
  expect(readFileSync(join(target, "express-redis/parallel.json"), "utf8")).toBe("new");
  expect(existsSync(join(target, "express-redis/parallel.samples.json.gz"))).toBe(false);
});
