import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { onInterruption } from "@repo/addons/interruption";
import { readApps } from "@repo/registry";
import { readMissing } from "@repo/registry/missing";
import { skippedStep, without } from "./missing.ts";
import { failureList, type Report, sum, totalLine } from "./report.ts";
import { runStep } from "./run-step.ts";
import { sideBySide } from "./side-by-side.ts";
import { choose, type Step, steps } from "./steps.ts";
import { takeTurns } from "./turns.ts";

/** Twice as many as there are cores: most steps wait for most of their time. */
const PLACES = 2 * availableParallelism();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: "boolean" },
    quick: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
const apps = readApps().flatMap(({ manifests }) => manifests.map(({ name }) => name));
const all = steps(apps);

if (values.help) {
  console.log(`bin/test [--all | --quick] [STEP…]

Runs all steps, or those named with what they need, side by side where they do not compete.

  --quick   the everyday loop: only the steps marked Q
  --all     also the steps marked *, which otherwise run only by name
`);
  for (const { name, does, rare, quick } of all)
    console.log(`  ${quick ? "Q" : rare ? "*" : " "} ${name.padEnd(26)}${does}`);
  process.exit();
}
const unknown = positionals.filter((name) => !all.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`[test] There is no step \`${unknown.join("`, `")}\`. See \`bin/test --help\`.`);
  process.exit(2);
}

const { signal } = onInterruption(() => console.log("\n[test] Stopping what runs…"));
const folder = await mkdtemp(join(tmpdir(), "bin-test-"));
const chosen = choose(all, { named: positionals, withRare: values.all, quick: values.quick });
const newSpeaker = takeTurns((text) => process.stdout.write(text));
const lacking = without(readMissing, { ci: Boolean(process.env.CI) });
let begun = 0;

async function run(step: Step): Promise<Report> {
  const speaker = newSpeaker();
  speaker.write(`\n== ${++begun}/${chosen.length} ${step.name}: ${step.does}\n`);
  const started = performance.now();
  let report = skippedStep;
  const reason = lacking.reason(step);
  if (reason) speaker.write(`Skipped: ${reason}.\n`);
  else report = lacking.sort(await runStep(step, { reports: folder, speaker, signal }));
  const seconds = Math.round((performance.now() - started) / 1000);
  speaker.write(`== ${step.name}: ${totalLine(report)} in ${seconds} s\n`);
  speaker.end();
  return report;
}

const reports = await sideBySide(chosen, { places: PLACES, signal, run });
await rm(folder, { recursive: true });

const total = sum([...reports.values()]);
const failed = [...reports].flatMap(([{ name }, { failures }]) => (failures.length ? name : []));
if (failed.length > 0) {
  console.log(`\n${failureList(total)}`);
  console.log(`\nFailed: ${failed.join(", ")}. To repeat one: bin/test ${failed[0]}`);
}
for (const line of lacking.lines()) console.log(`\n${line}`);
if (signal.aborted)
  console.log(`\nInterrupted: ${chosen.length - reports.size} steps did not run.`);
console.log(`\n${totalLine(total)}`);
process.exitCode = signal.aborted ? 130 : failed.length > 0 ? 1 : 0;
