import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readApps } from "@repo/registry";
import { readMissing } from "@repo/registry/missing";
import { skippedStep, without } from "./missing.ts";
import { failureList, type Report, sum, totalLine } from "./report.ts";
import { runStep } from "./run-step.ts";
import { choose, steps } from "./steps.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
const apps = readApps().flatMap(({ manifests }) => manifests.map(({ name }) => name));
const all = steps(apps);

if (values.help) {
  console.log(
    "bin/test [--all] [STEP…]\n\nRuns all steps, or those named. The steps marked * run only with --all or by name.\n",
  );
  for (const { name, does, rare } of all)
    console.log(`  ${(name + (rare ? " *" : "")).padEnd(28)}${does}`);
  process.exit();
}
const unknown = positionals.filter((name) => !all.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`[test] There is no step \`${unknown.join("`, `")}\`. See \`bin/test --help\`.`);
  process.exit(2);
}

const lacking = without(readMissing(), { ci: Boolean(process.env.CI) });
for (const line of lacking.lines()) console.log(line);

const folder = await mkdtemp(join(tmpdir(), "bin-test-"));
const chosen = choose(all, positionals, values.all ?? false);
const reports: Report[] = [];
const failed: string[] = [];
for (const [index, step] of chosen.entries()) {
  console.log(`\n== ${index + 1}/${chosen.length} ${step.name}: ${step.does}`);
  const started = performance.now();
  const reason = lacking.reason(step);
  const report = reason ? skippedStep(reason) : lacking.sort(await runStep(step, folder));
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`== ${step.name}: ${totalLine(report)} in ${seconds} s`);
  reports.push(report);
  if (report.failures.length > 0) failed.push(step.name);
}
await rm(folder, { recursive: true });

const total = sum(reports);
if (failed.length > 0) {
  console.log(`\n${failureList(total)}`);
  console.log(`\nFailed: ${failed.join(", ")}. To repeat one: bin/test ${failed[0]}`);
}
for (const line of lacking.lines()) console.log(`\n${line}`);
console.log(`\n${totalLine(total)}`);
process.exitCode = failed.length > 0 ? 1 : 0;
