import type { Results, ScenarioResult } from "./results.ts";
import { sentenceOf } from "./sentence.ts";
import { headlineOf, marks, tableOf } from "./table.ts";

/** The table for a README or a pull request, with one sentence about each app below. */
export function markdownReport(results: Results): string {
  const table = tableOf(results);
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    row(["", ...table.columns.map(({ name }) => name.replace(":", " "))]),
    row(["---", ...table.columns.map(() => "---")]),
    ...table.rows.map(({ question, cells }) => row([question.question, ...cells.map(cellText)])),
    "",
    ...table.columns.map((app) => `- **${app.name.replace(":", " ")}**: ${sentenceOf(app)}`),
    "",
    `✓ works, ✗ breaks, – not tested. ${provenance(results)}`,
    "",
  ].join("\n");
}

function cellText(cell: ScenarioResult | null): string {
  if (!cell) return "";
  const surprise = cell.asExpected ? "" : " **not as expected**";
  return `${marks[cell.verdict]} ${headlineOf(cell).replaceAll("|", "\\|")}${surprise}`;
}

/** When, where and with which versions it was measured. */
export function provenance(results: Results): string {
  const { machine, versions } = results;
  const day = results.startedAt.slice(0, 10);
  const where =
    results.dynos === null ? "on deployed apps" : `on ${results.dynos} local dynos per app`;
  const memory = `${Math.round(machine.memoryBytes / 2 ** 30)} GB`;
  const tools = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Measured on ${day} ${where}, ${machine.cores} cores and ${memory}, in ${Math.round(results.seconds)} s: ${tools.join(", ")}.`;
}
