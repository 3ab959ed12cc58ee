import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "@repo/registry";
import { type Peer, type PeerIssue, type PeerOption, readPeers } from "@repo/registry/peers";
import { type Question, questions } from "../questions.ts";
import { type Results, readResults, type ScenarioResult } from "../results.ts";
import { headlineOf, marks } from "../table.ts";

/** The published results of the systems in `peers/`, with each scenario's summary as k6 wrote it. */
export const publishedPeers = join(ROOT, "report/published/peers");

/** "Where other systems stand": one table for each place where sessions live. */
export interface PeerTables {
  results: Results;
  groups: PeerGroup[];
}

/** Scenarios down, systems across. */
export interface PeerGroup {
  title: string;
  peers: Peer[];
  rows: PeerRow[];
  /** Known issues that explain a ✗ of this table. */
  notes: PeerIssue[];
}

export interface PeerRow {
  question: Question;
  /** One for each system. */
  cells: PeerCell[];
}

export interface PeerCell extends Measured {
  peer: Peer;
  question: Question;
  /** Places in the list of notes, from 1. */
  notes: number[];
  /** The same question, asked with an option of the library that mends a ✗. */
  mended: ({ option: PeerOption } & Measured)[];
}

interface Measured {
  /** `null` if the scenario did not run. */
  result: ScenarioResult | null;
  /** The raw result, relative to the published results. */
  raw: string | null;
}

const titles: Record<Peer["keeps"], string> = {
  cookie: "Sessions in the cookie",
  database: "Sessions in a database",
  cache: "Sessions in a cache",
  dyno: "Sessions on one dyno: files and memory",
};

/** `null` if nothing is published. */
export function readPeerTables(folder = publishedPeers): PeerTables | null {
  if (!existsSync(join(folder, "results.json"))) return null;
  return peerTablesOf(readResults(folder), readPeers());
}

export function peerTablesOf(results: Results, peers: Peer[]): PeerTables {
  const places = Object.keys(titles) as Peer["keeps"][];
  const groups = places.map((keeps) =>
    groupOf(
      results,
      peers.filter((peer) => peer.keeps === keeps),
      titles[keeps],
    ),
  );
  return { results, groups: groups.filter((group) => group.peers.length > 0) };
}

function groupOf(results: Results, all: Peer[], title: string): PeerGroup {
  const notes: PeerIssue[] = [];
  const noteOf = (issue: PeerIssue) => {
    const known = notes.findIndex(({ text, url }) => text === issue.text && url === issue.url);
    return known >= 0 ? known + 1 : notes.push(issue);
  };
  const measured = (name: string, scenario: string): Measured => {
    const app = results.apps.find((one) => one.name === name);
    const result = app?.scenarios[scenario] ?? null;
    return {
      result,
      raw: result?.raw.find((file) => basename(file) === `${scenario}.json`) ?? null,
    };
  };
  const peers = all.filter(
    ({ name, mends }) => !mends && results.apps.some((app) => app.name === name),
  );
  const rows = questions.map((question): PeerRow => {
    const { scenario } = question;
    const cells = peers.map((peer): PeerCell => {
      const { result, raw } = measured(peer.name, scenario);
      const issues = peer.issues.filter((issue) => issue.scenario === scenario);
      const mended = all.flatMap(({ name, mends }) => {
        if (mends?.peer !== peer.name || !mends.option.scenarios.includes(scenario)) return [];
        const again = measured(name, scenario);
        return again.result ? [{ option: mends.option, ...again }] : [];
      });
      const breaks = result?.verdict === "breaks";
      return {
        ...{ peer, question, result, raw },
        notes: breaks ? issues.map(noteOf) : [],
        mended: breaks ? mended : [],
      };
    });
    return { question, cells };
  });
  // A question that no system of the table could be asked.
  const asked = rows.filter(({ cells }) =>
    cells.some(({ result }) => result && result.verdict !== "not tested"),
  );
  return { title, peers, rows: asked, notes };
}

/** The text of a cell without links. */
export function cellText({ result }: Measured): string {
  if (!result) return "";
  if (result.headline === "not applicable") return "n/a";
  return `${marks[result.verdict]} ${headlineOf(result)}`.replaceAll("|", "\\|");
}
