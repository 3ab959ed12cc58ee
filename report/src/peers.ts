import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { timeline } from "@repo/history";
import { ROOT } from "@repo/registry";
import { fillPart } from "@repo/registry/marked-part";
import { type Peer, type PeerIssue, readPeers } from "@repo/registry/peers";
import { provenance } from "./markdown.ts";
import { type Question, questions } from "./questions.ts";
import { checkResults, type Results, readResults, type ScenarioResult } from "./results.ts";
import { headlineOf, marks } from "./table.ts";

/** The published results of the systems in `peers/`, with each scenario's summary as k6 wrote it. */
export const publishedPeers = join(ROOT, "report/published/peers");

export const witnessFile = join(publishedPeers, "README.md");

/** One system and what the scenarios found. */
export interface PeerRow {
  peer: Peer;
  cells: PeerCell[];
}

export interface PeerCell {
  question: Question;
  /** `null` if the scenario did not run. */
  result: ScenarioResult | null;
  /** The raw result, relative to the published results. */
  raw: string | null;
  /** Known issues that explain a ✗, by their places in the list of notes, from 1. */
  notes: number[];
}

export interface PeerTable {
  results: Results;
  /** The scenarios that some system was asked. */
  asked: Question[];
  rows: PeerRow[];
  notes: PeerIssue[];
}

/** "Where other systems stand": systems down, scenarios across. `null` if nothing is published. */
export function readPeerTable(folder = publishedPeers): PeerTable | null {
  if (!existsSync(join(folder, "results.json"))) return null;
  return peerTableOf(readResults(folder), readPeers());
}

export function peerTableOf(results: Results, peers: Peer[]): PeerTable {
  const notes: PeerIssue[] = [];
  const noteOf = (issue: PeerIssue) => {
    const known = notes.findIndex(({ text, url }) => text === issue.text && url === issue.url);
    return known >= 0 ? known + 1 : notes.push(issue);
  };
  const asked = questions.filter(({ scenario }) =>
    results.apps.some(({ scenarios }) => scenarios[scenario]),
  );
  const rows = peers.flatMap((peer): PeerRow[] => {
    const app = results.apps.find(({ name }) => name === peer.name);
    if (!app) return [];
    const cells = asked.map((question): PeerCell => {
      const result = app.scenarios[question.scenario] ?? null;
      const issues = peer.issues.filter(({ scenario }) => scenario === question.scenario);
      const raw = result?.raw.find((file) => basename(file) === `${question.scenario}.json`);
      return {
        ...{ question, result, raw: raw ?? null },
        notes: result?.verdict === "breaks" ? issues.map(noteOf) : [],
      };
    });
    return [{ peer, cells }];
  });
  return { results, asked, rows, notes };
}

/** The table for the README: each cell links its raw result, each column its script, each row its recipe. */
export function peersMarkdown({ results, asked, rows, notes }: PeerTable): string {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const head = asked.map(({ scenario, label }) => `[${label}](load/${scenario}.ts)`);
  return [
    row(["", ...head]),
    row(["---", ...head.map(() => "---")]),
    ...rows.map(({ peer, cells }) =>
      row([`[${peer.title}](${peer.recipe})`, ...cells.map((cell) => cellMarkdown(peer, cell))]),
    ),
    "",
    `✓ works, ✗ breaks, – not tested, n/a: the system has nothing of the kind. Each cell links its raw result, and each ✗ why: the figures, and [the few operations that witness it](report/published/peers/README.md). ${provenance(results)}`,
    "",
    ...notes.map(({ text, url }, index) => `${index + 1}. ${text} ([source](${url}))`),
    "",
  ].join("\n");
}

/** The text of a cell without links. */
export function cellText({ result }: PeerCell): string {
  if (!result) return "";
  if (result.headline === "not applicable") return "n/a";
  return `${marks[result.verdict]} ${headlineOf(result)}`.replaceAll("|", "\\|");
}

function cellMarkdown(peer: Peer, cell: PeerCell): string {
  const text = cellText(cell);
  const raw = cell.raw && `report/published/peers/${cell.raw}`;
  const why = `report/published/peers/README.md#${anchorOf(witnessHeading(peer, cell))}`;
  const broken = raw && cell.result?.verdict === "breaks";
  const linked = broken
    ? `[✗](${why}) [${text.slice(2)}](${raw})`
    : raw && text
      ? `[${text}](${raw})`
      : text;
  return `${linked}${cell.notes.map((note) => ` <sup>${note}</sup>`).join("")}`;
}

const witnessHeading = ({ title }: Peer, { question }: PeerCell) => `${title}: ${question.label}`;

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

/** Why each ✗ is one: the reason that the figures give, and the operations that witness it. */
export function witnessesMarkdown({ rows }: PeerTable): string {
  const broken = rows.flatMap(({ peer, cells }) =>
    cells.filter(({ result }) => result?.verdict === "breaks").map((cell) => ({ peer, cell })),
  );
  const sections = broken.flatMap(({ peer, cell }) => [
    "",
    `## ${witnessHeading(peer, cell)}`,
    "",
    `${cell.result?.headline}. ${cell.result?.reason ? `${cell.result.reason}. ` : ""}${cell.raw ? `[Raw result](${cell.raw})` : ""}`,
    ...witnessOf(cell.result),
  ]);
  return [
    "# Why the systems in peers/ break",
    "",
    "Made by `pnpm report --readme` from [results.json](results.json): for each ✗ of the [table](../../../README.md#where-other-systems-stand) what the figures say, and the first violation in the history of the scenario with the operations that show it ([the invariants](../../../packages/history/README.md)).",
    ...sections,
    "",
  ].join("\n");
}

/** The first violation, with its operations on one line each. */
function witnessOf(result: ScenarioResult | null): string[] {
  const invariants = result?.history?.invariants ?? [];
  const [violation] = invariants.flatMap(({ examples = [] }) => examples);
  if (!violation) return [];
  return ["", violation.message, "", "```", ...timeline(violation.witnesses), "```"];
}

export function readmeWithPeers(readme: string, table: PeerTable): string {
  return fillPart(readme, "peers", `\n${peersMarkdown(table).trim()}\n`);
}

/**
 * Publishes runs of `bin/compare --peers`: their systems replace those of the same names, and the summaries of their
 * scenarios are copied.
 *
 * @throws an `Error` if a run was stopped before its end
 */
export function publishPeers(folders: string[], target = publishedPeers): void {
  mkdirSync(target, { recursive: true });
  const file = join(target, "results.json");
  const before = existsSync(file) ? [readResults(target)] : [];
  const runs = folders.map((folder) => {
    const results = readResults(folder);
    if (!results.complete)
      throw new Error(`[report] The run in \`${folder}\` was stopped before its end.`);
    copySummaries(results, folder, target);
    return results;
  });
  const merged = [...before, ...runs].reduce(merge);
  writeFileSync(file, `${JSON.stringify(checkResults(withSummariesOnly(merged)), null, 2)}\n`);
}

/** The later run wins where both measured a system. */
function merge(earlier: Results, later: Results): Results {
  const names = later.apps.map(({ name }) => name);
  return {
    ...later,
    seconds: earlier.seconds + later.seconds,
    command: "bin/compare --peers",
    versions: { ...earlier.versions, ...later.versions },
    apps: [...earlier.apps.filter(({ name }) => !names.includes(name)), ...later.apps],
  };
}

const isSummary = (file: string) => /^[^.]+\.json$/.test(basename(file));

function copySummaries({ apps }: Results, folder: string, target: string): void {
  const files = apps.flatMap(({ scenarios }) => Object.values(scenarios).flatMap(({ raw }) => raw));
  for (const file of files.filter(isSummary)) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    copyFileSync(join(folder, file), join(target, file));
  }
}

/** Samples are large and stay with the run. Systems that were left out are not published. */
function withSummariesOnly(results: Results): Results {
  const measured = results.apps.filter(({ scenarios }) =>
    Object.values(scenarios).some(({ raw }) => raw.length > 0),
  );
  const apps = measured.map((app) => ({
    ...app,
    scenarios: Object.fromEntries(
      Object.entries(app.scenarios).map(([name, result]) => [
        name,
        { ...result, raw: result.raw.filter(isSummary), strip: undefined },
      ]),
    ),
  }));
  return { ...results, apps };
}

export function updatePeersInReadme(readmeFile: string): void {
  const table = readPeerTable();
  if (!table) return;
  writeFileSync(readmeFile, readmeWithPeers(readFileSync(readmeFile, "utf8"), table));
  writeFileSync(witnessFile, witnessesMarkdown(table));
}
