import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readApps } from "@repo/registry";
import { readMissing } from "@repo/registry/missing";
import { add, closingLine, noCounts } from "./counts.ts";
import { type Failure, failureList } from "./failures.ts";
import { skippedStep, without } from "./missing.ts";
import { runStep } from "./run-step.ts";
import { choose, steps } from "./steps.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
const apps = readApps().flatMap(({ manifests }) => manifests.map(({ name }) => name));
const reports = await mkdtemp(join(tmpdir(), "bin-test-"));
const all = steps(apps, reports);

if (values.help) {
  console.log(
    "bin/test [--all] [STEP…]\n\nAll steps, or those named; the ones marked * only with --all or by name.\n",
  );
  for (const { name, does, rare } of all)
    console.log(`  ${(name + (rare ? " *" : "")).padEnd(28)}${does}`);
  await rm(reports, { recursive: true });
  process.exit();
}
const unknown = positionals.filter((name) => !all.some((step) => step.name === name));
if (unknown.length) {
  console.error(`[test] No step \`${unknown.join("`, `")}\`. \`bin/test --help\` lists them.`);
  process.exit(2);
}

const lacking = without(readMissing(), { ci: Boolean(process.env.CI) });
for (const line of lacking.lines()) console.log(line);

const chosen = choose(all, positionals, values.all ?? false);
let sum = noCounts;
const failed: string[] = [];
const failures: Failure[] = [];
for (const [index, step] of chosen.entries()) {
  console.log(`\n== ${index + 1}/${chosen.length} ${step.name}: ${step.does}`);
  const began = performance.now();
  const reason = lacking.reason(step);
  const ran = reason ? skippedStep(reason) : await runStep(step);
  const { counts, failures: ofStep } = lacking.sort(ran);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`== ${step.name}: ${closingLine(counts)} in ${seconds} s`);
  if (counts.failed) failed.push(step.name);
  failures.push(...ofStep);
  sum = add(sum, counts);
}
await rm(reports, { recursive: true });

if (failures.length) console.log(`\n${failureList(failures)}`);
if (failed.length) console.log(`\nFailed: ${failed.join(", ")}. One again: bin/test ${failed[0]}`);
for (const line of lacking.lines()) console.log(`\n${line}`);
console.log(`\n${closingLine(sum)}`);
process.exitCode = failed.length ? 1 : 0;
