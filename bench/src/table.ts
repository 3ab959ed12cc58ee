import type { Result } from "./measure.ts";
import { fillSection, machine, markdownTable, withEnds } from "./page.ts";
import type { Owner } from "./profile.ts";

const PARTS = ["bench-costs", "bench-goals", "bench-owners"] as const;

/** Requests per second: at least so much of another route's, in the same process and rounds. */
const GOALS: Record<
  string,
  Partial<Record<string, { of: "plain" | "bare"; atLeast: number }[]>>
> = {
  "db-app": {
    "GET /api/session": [{ of: "bare", atLeast: 1 }],
    "POST /api/session": [{ of: "bare", atLeast: 1 }],
  },
  "cookie-app": {
    "POST /api/session": [
      { of: "bare", atLeast: 1.5 },
      { of: "plain", atLeast: 0.65 },
    ],
  },
  "cache-app": {
    "GET /api/session": [{ of: "plain", atLeast: 0.9 }],
    "POST /api/session": [{ of: "plain", atLeast: 0.75 }],
  },
  "cache-app:redis": {
    "GET /api/session": [{ of: "plain", atLeast: 0.9 }],
    "POST /api/session": [{ of: "plain", atLeast: 0.8 }],
  },
};

export interface Table {
  /** The part of docs/speed.md that it fills. */
  readonly part: (typeof PARTS)[number];
  readonly head: readonly string[];
  readonly rows: readonly string[][];
}

/** What each request of an app costs. */
export function costsOf(app: string, results: readonly Result[]): Table {
  const head = ["app", "request", "requests/s", "of plain", "of the bare library"];
  const rows = results.map((result) => {
    const isPlain = result.request.endsWith("/api/plain");
    return [
      app,
      result.request,
      result.requestsPerSecond.median.toFixed(0),
      isPlain ? "1" : withEnds(result.ofPlain, 2),
      result.ofBare ? withEnds(result.ofBare, 2) : "–",
      result.cpuMicroseconds.median.toFixed(0),
      isPlain ? "–" : withEnds(result.cpuAbovePlain, 0),
      result.trips === null ? "–" : String(result.trips),
    ];
  });
  return { part: "bench-costs", head: [...head, "CPU µs", "above plain", "trips"], rows };
}

/** What was aimed for, and whether the median reaches it. */
export function goalsOf(app: string, results: readonly Result[]): Table {
  const rows = results.flatMap(({ request, ofPlain, ofBare }) =>
    (GOALS[app]?.[request] ?? []).flatMap(({ of, atLeast }) => {
      const ratio = of === "plain" ? ofPlain : ofBare;
      if (!ratio) return [];
      const isReached = ratio.median >= atLeast;
      const cells = [`/api/${of}`, atLeast.toFixed(2), withEnds(ratio, 2)];
      return [[app, request, ...cells, isReached ? "yes" : "no"]];
    }),
  );
  return {
    part: "bench-goals",
    head: ["app", "request", "of", "aim", "measured", "reached"],
    rows,
  };
}

/** Who works for a session. What Next and Node take besides differs by chance more than by a session. */
const OWN: readonly Owner[] = ["session", "node:crypto", "app"];
const CLIENT: Owner = "store's client";

/** Whose CPU time it is that a request takes above the plain one, in µs. */
export function ownersOf(app: string, results: readonly Result[]): Table {
  const plain = results.find(({ request }) => request.endsWith("/api/plain"))?.cpuByOwner;
  const rows = results.flatMap(({ request, cpuByOwner }) => {
    if (!plain || !cpuByOwner || cpuByOwner === plain) return [];
    const above = (owner: Owner) => (cpuByOwner.get(owner) ?? 0) - (plain.get(owner) ?? 0);
    const own = OWN.map(above);
    const sum = own.reduce((total, microseconds) => total + microseconds, 0);
    return [[app, request, ...[...own, sum, above(CLIENT)].map((each) => each.toFixed(0))]];
  });
  return { part: "bench-owners", head: ["app", "request", ...OWN, "sum", CLIENT], rows };
}

export function toMarkdown({ head, rows }: Table): string {
  return markdownTable(head, rows, 2);
}

/** Fills each part of docs/speed.md that there are rows for. */
export function writeTables(tables: readonly Table[]): void {
  for (const part of PARTS) {
    const [first, ...others] = tables.filter((table) => table.part === part);
    if (!first) continue;
    const table = { ...first, rows: [first, ...others].flatMap(({ rows }) => rows) };
    fillSection(part, `Measured on ${machine()}.\n\n${toMarkdown(table)}`);
  }
}
