import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ROOT } from "@repo/registry";
import { fillPart } from "@repo/registry/marked-part";
import { type Peer, type PeerIssue, readPeers } from "@repo/registry/peers";
import { provenance } from "./markdown.ts";
import { type Question, questions } from "./questions.ts";
import { checkResults, type Results, readResults, type ScenarioResult } from "./results.ts";
import { marks } from "./table.ts";

/** The published results of the systems in `peers/`, with each scenario's summary as k6 wrote it. */
export const publishedPeers = join(ROOT, "report/published/peers");

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
  const rows = peers.flatMap((peer): PeerRow[] => {
    const app = results.apps.find(({ name }) => name === peer.name);
    if (!app) return [];
    const cells = questions.map((question): PeerCell => {
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
  return { results, rows, notes };
}

/** The table for the README: each cell links its raw result, each column its script, each row its recipe. */
export function peersMarkdown({ results, rows, notes }: PeerTable): string {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const head = questions.map(({ scenario, label }) => `[${label}](load/${scenario}.ts)`);
  const reasons = rows.flatMap(({ peer, cells }) =>
    cells.flatMap(({ question, result }) =>
      result?.verdict === "breaks" && result.reason
        ? [`- ${peer.title}, ${question.label.toLowerCase()}: ${result.reason}.`]
        : [],
    ),
  );
  return [
    row(["", ...head]),
    row(["---", ...head.map(() => "---")]),
    ...rows.map(({ peer, cells }) =>
      row([`[${peer.title}](${peer.recipe})`, ...cells.map(cellMarkdown)]),
    ),
    "",
    `✓ works, ✗ breaks, – not tested, n/a: the system has nothing of the kind. Each cell links its raw result. ${provenance(results)}`,
    "",
    ...notes.map(({ text, url }, index) => `${index + 1}. ${text} ([source](${url}))`),
    ...(reasons.length > 0 ? ["", "Why it breaks, where the figures tell:", "", ...reasons] : []),
    "",
  ].join("\n");
}

/** The text of a cell without links. */
export function cellText({ result }: PeerCell): string {
  if (!result) return "";
  if (result.headline === "not applicable") return "n/a";
  return `${marks[result.verdict]} ${result.headline}`.replaceAll("|", "\\|");
}

function cellMarkdown(cell: PeerCell): string {
  const text = cellText(cell);
  const linked = cell.raw && text ? `[${text}](report/published/peers/${cell.raw})` : text;
  return `${linked}${cell.notes.map((note) => ` <sup>${note}</sup>`).join("")}`;
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
}
