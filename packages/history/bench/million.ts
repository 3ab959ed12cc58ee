// How long does `bin/check-history` take for a million operations, and how much memory?
//
//   node bench/million.ts [OPERATIONS]
//
// Writes a correct history of visitors with three tabs each, checks it in a separate process, and prints both.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Move, simulate } from "../test/simulate.ts";

const OPERATIONS_EACH = 1_000;
const KINDS: Move["kind"][] = [
  ...Array<Move["kind"]>(8).fill("read"),
  ...Array<Move["kind"]>(6).fill("visit"),
  "note",
  "page",
  "auth-read",
  "sign-in",
  "sign-out",
  "regenerate",
];

/** A small generator with a seed, so that each run checks the same history. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function movesOf(visitor: number, count: number, random: (below: number) => number): Move[] {
  return Array.from({ length: count }, () => ({
    visitor,
    tab: random(3),
    kind: KINDS[random(KINDS.length)] ?? "read",
    wait: random(60),
    there: random(10),
    back: random(10),
    fate: random(50) > 0 ? "answered" : "unsure",
  }));
}

const wanted = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), "history-bench-"));
try {
  const file = join(folder, "history.jsonl");
  const out = createWriteStream(file);
  const random = randomNumbers(1);
  for (let visitor = 1; (visitor - 1) * OPERATIONS_EACH < wanted; visitor++) {
    const { operations } = simulate(movesOf(visitor, OPERATIONS_EACH, random));
    const lines = operations.map((operation) => {
      // one simulation knows one visitor: its session ids and notes are made its own
      for (const field of ["brought", "received", "note"] as const)
        if (operation[field]) operation[field] = `${visitor}-${operation[field]}`.padStart(16, "0");
      return JSON.stringify(operation);
    });
    if (!out.write(`${lines.join("\n")}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");

  const start = performance.now();
  const script = `await import(${JSON.stringify(new URL("../src/cli.ts", import.meta.url).href)});
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    console.error(JSON.stringify([maxRSS / 1_024, (userCPUTime + systemCPUTime) / 1e6]));`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", script, "check-history", file],
    { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } },
  );
  const seconds = (performance.now() - start) / 1_000;
  console.log(stdout.split("\n")[0]);
  console.log(`${(statSync(file).size / 2 ** 20).toFixed(0)} MiB of history, exit code ${status}`);
  const [mebibytes = 0, processorSeconds = 0] = JSON.parse(stderr) as number[];
  console.log(`${seconds.toFixed(1)} s, of which ${processorSeconds.toFixed(1)} s on a processor`);
  console.log(`${mebibytes.toFixed(0)} MiB of memory at the peak`);
} finally {
  rmSync(folder, { recursive: true });
}
