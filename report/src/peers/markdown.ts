import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { timeline } from "@repo/history";
import { fillPart } from "@repo/registry/marked-part";
import { provenance } from "../markdown.ts";
import type { ScenarioResult } from "../results.ts";
import {
  cellText,
  type PeerCell,
  type PeerGroup,
  type PeerTables,
  publishedPeers,
  readPeerTables,
} from "./table.ts";

export const witnessFile = join(publishedPeers, "README.md");
const raws = "report/published/peers";

/** The tables for the README: each cell links its raw result, each row its script, each column its recipe. */
export function peersMarkdown({ results, groups }: PeerTables): string {
  return [
    ...groups.flatMap(groupMarkdown),
    `✓ works, ✗ breaks, – not tested, n/a: the system has nothing of the kind. A question that no system of a table could be asked is left out there. Each cell links its raw result, and each ✗ why: the figures, and [the few operations that witness it](${raws}/README.md). ${provenance(results)}`,
    "",
  ].join("\n");
}

function groupMarkdown({ title, peers, rows, notes }: PeerGroup): string[] {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    ...[`### ${title}`, ""],
    row(["", ...peers.map(({ title, recipe }) => `[${title}](${recipe})`)]),
    row(["---", ...peers.map(() => "---")]),
    ...rows.map(({ question, cells }) =>
      row([`[${question.label}](load/${question.scenario}.ts)`, ...cells.map(cellMarkdown)]),
    ),
    "",
    ...notes.map(({ text, url }, index) => `${index + 1}. ${text} ([source](${url}))`),
    "",
  ];
}

function cellMarkdown(cell: PeerCell): string {
  const text = cellText(cell);
  const why = `${raws}/README.md#${anchorOf(witnessHeading(cell))}`;
  const linked =
    cell.raw && cell.result?.verdict === "breaks"
      ? `[✗](${why}) [${text.slice(2)}](${raws}/${cell.raw})`
      : linkedTo(cell.raw, text);
  const notes = cell.notes.map((note) => ` <sup>${note}</sup>`).join("");
  const mended = cell.mended.map(
    (again) =>
      `<br>${linkedTo(again.raw, cellText(again))} with [${again.option.text}](${again.option.url})`,
  );
  return `${linked}${notes}${mended.join("")}`;
}

const linkedTo = (raw: string | null, text: string) =>
  raw && text ? `[${text}](${raws}/${raw})` : text;

const witnessHeading = ({ peer, question }: PeerCell) => `${peer.title}: ${question.label}`;

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

/** Why each ✗ is one: the reason that the figures give, and the operations that witness it. */
export function witnessesMarkdown({ groups }: PeerTables): string {
  const cells = groups.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  const broken = cells.filter(({ result }) => result?.verdict === "breaks");
  return [
    "# Why the systems in peers/ break",
    "",
    "Made by `pnpm report --readme` from [results.json](results.json): for each ✗ of the [tables](../../../README.md#where-other-systems-stand) what the figures say, and the first violation in the history of the scenario with the operations that show it ([the invariants](../../../packages/history/README.md)).",
    ...broken.flatMap((cell) => [
      "",
      `## ${witnessHeading(cell)}`,
      "",
      `${cell.result?.headline}. ${whyOf(cell)} ${cell.raw ? `[Raw result](${cell.raw})` : ""}`,
      ...witnessOf(cell.result),
    ]),
    "",
  ].join("\n");
}

/** The reason that the figures give; else what a ✗ of this question means. */
const whyOf = ({ result, question }: PeerCell) =>
  result?.reason ? `${result.reason}.` : question.breaks;

/** The first violation, with its operations on one line each. */
function witnessOf(result: ScenarioResult | null): string[] {
  const invariants = result?.history?.invariants ?? [];
  const [violation] = invariants.flatMap(({ examples = [] }) => examples);
  if (!violation) return [];
  return ["", violation.message, "", "```", ...timeline(violation.witnesses), "```"];
}

export function readmeWithPeers(readme: string, tables: PeerTables): string {
  return fillPart(readme, "peers", `\n${peersMarkdown(tables).trim()}\n`);
}

export function updatePeersInReadme(readmeFile: string): void {
  const tables = readPeerTables();
  if (!tables) return;
  writeFileSync(readmeFile, readmeWithPeers(readFileSync(readmeFile, "utf8"), tables));
  writeFileSync(witnessFile, witnessesMarkdown(tables));
}
