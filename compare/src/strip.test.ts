import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { readStrip } from "./strip.ts";

const folder = mkdtempSync(join(tmpdir(), "compare-strip-"));
afterAll(() => rmSync(folder, { recursive: true }));

let clock = 0;
const point = (metric: string, tags: object) => {
  const time = new Date(Date.UTC(2026, 0, 1) + clock++).toISOString();
  return JSON.stringify({ metric, type: "Point", data: { time, value: 1, tags } });
};
const visit = (visitor: string, dyno: string, outcome: string) =>
  point("visit_duration", { visitor, dyno, outcome });
const read = (lines: string[], cutBytes = 0) => {
  const file = join(folder, "samples.json.gz");
  const packed = gzipSync(`${lines.join("\n")}\n`);
  writeFileSync(file, packed.subarray(0, packed.length - cutBytes));
  return readStrip(file);
};

it("follows one visitor, in the order of time", () => {
  const lines = [
    point("http_reqs", {}),
    visit("7", "web.1", "new"),
    visit("2", "web.2", "new"),
    visit("7", "web.3", "lost"),
    visit("7", "", "failed"),
  ];
  expect(read([0, 3, 1, 4, 2].map((index) => lines[index] ?? ""))).toEqual([
    { dyno: "web.1", outcome: "new" },
    { dyno: "web.3", outcome: "lost" },
    { dyno: "", outcome: "failed" },
  ]);
});

it("marks events between the visits", () => {
  const lines = [
    visit("1", "web.1", "new"),
    point("event", { event: "restart", moment: "begins" }),
    visit("1", "web.2", "found"),
  ];
  expect(read(lines)[1]).toEqual({ event: "restart", moment: "begins" });
});

it("leaves out the middle of a long journey, and says so", () => {
  const lines = Array.from({ length: 100 }, (_, index) => visit("1", `web.${index}`, "found"));
  const strip = read(lines);
  expect(strip).toHaveLength(41);
  expect(strip.slice(19, 22)).toEqual([
    { dyno: "web.19", outcome: "found" },
    { skipped: 60 },
    { dyno: "web.80", outcome: "found" },
  ]);
});

it("reads what there is of a file that was cut off", () => {
  const lines = Array.from({ length: 30 }, (_, index) => visit("1", `web.${index}`, "found"));
  const strip = read(lines, 60);
  expect(strip.length).toBeGreaterThan(5);
  expect(strip.length).toBeLessThan(30);
});

it("is empty where there are no samples", () => {
  expect(readStrip(join(folder, "none.gz"))).toEqual([]);
});
