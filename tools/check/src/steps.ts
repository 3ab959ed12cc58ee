import { type Counts, playwrightCounts, vitestCounts } from "./counts.ts";
import { type Failure, playwrightFailures, vitestFailures } from "./failures.ts";

export type Step = {
  name: string;
  does: string;
  command: string[];
  env?: Record<string, string>;
  /** Where the command leaves its figures, and how to read them. Without, the command itself is one check. */
  report?: Report;
  /** Only with `--all`. */
  rare?: true;
  /** What it cannot do without: a name that bin/setup may call missing, or `docker`, running and with Compose. */
  needs?: string;
  /** Runs what the step `build` leaves, so that step goes before it. */
  needsBuild?: true;
};

type Report = {
  file: string;
  counts: (text: string) => Counts;
  failures: (text: string, root: string) => Failure[];
};

const vitest = { counts: vitestCounts, failures: vitestFailures };
const playwright = { counts: playwrightCounts, failures: playwrightFailures };

/** Deploys of these are walked through on every run. */
const oftenDeployed = ["cookie-app", "db-app"];

/** What `bin/test` does, in its order. `reports` is a folder for the figures. */
export function steps(apps: string[], reports: string): Step[] {
  const unit = `${reports}/unit.json`;
  const browser = `${reports}/browser.json`;
  const hostile = `${reports}/hostile.json`;
  const docs = `${reports}/docs.json`;
  const comparison = `${reports}/comparison.json`;
  return [
    {
      name: "lint",
      does: "style and likely mistakes",
      command: ["biome", "ci", `--colors=${process.stdout.isTTY ? "force" : "off"}`, "."],
    },
    {
      name: "structure",
      does: "no files that import each other in a circle",
      command: ["node", "tools/structure/src/structure.ts"],
    },
    { name: "types", does: "types of every package", command: ["turbo", "run", "typecheck"] },
    { name: "twins", does: "the files that the apps share", command: ["bin/twins"] },
    { name: "build", does: "the four apps", command: ["turbo", "run", "build"] },
    {
      name: "unit",
      does: "every vitest suite, against real servers",
      command: ["vitest", "run", ...vitestReporters(unit)],
      report: { file: unit, ...vitest },
      needsBuild: true,
    },
    {
      name: "browser",
      does: "the apps in a real Chromium",
      command: ["pnpm", "--filter", "@repo/e2e", "run", "test:browser", "--reporter=line,json"],
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: browser },
      report: { file: browser, ...playwright },
      needsBuild: true,
      needs: "chromium",
    },
    {
      name: "hostile",
      does: "20,000 hostile requests to each app, ten times as many as in `unit`",
      command: [
        ...["pnpm", "--filter", "@repo/e2e", "run", "test:hostile"],
        ...vitestReporters(hostile),
      ],
      report: { file: hostile, ...vitest },
      needsBuild: true,
      rare: true,
    },
    {
      name: "docs",
      does: "the commands, links and headings of the documentation",
      command: [...["pnpm", "--filter", "@repo/e2e", "run", "test:docs"], ...vitestReporters(docs)],
      report: { file: docs, ...vitest },
    },
    {
      name: "compare",
      does: "bin/compare on local dynos, against what the apps declare",
      command: [
        ...["pnpm", "--filter", "@repo/compare", "run", "test:e2e"],
        ...vitestReporters(comparison),
      ],
      report: { file: comparison, ...vitest },
      needs: "k6",
    },
    {
      name: "workflow",
      does: "the GitHub workflow, by actionlint",
      command: ["actionlint", "-color"],
      needs: "actionlint",
    },
    {
      name: "compose",
      does: "what db-app's compose file says, without containers",
      command: ["bin/check-compose", "db-app"],
      needs: "caddy",
    },
    {
      name: "containers",
      does: "db-app's compose file in Docker",
      command: ["bin/check-compose", "--containers", "db-app"],
      needs: "docker",
      rare: true,
    },
    ...apps.map(
      (app): Step => ({
        name: `buildpack:${app}`,
        does: `a deploy of ${app} as Heroku does it`,
        command: ["bin/check-buildpack", app],
        ...(!oftenDeployed.includes(app) && { rare: true }),
      }),
    ),
    {
      name: "copy-out",
      does: "db-app on its own, outside this repository",
      command: ["bin/check-copy-out", "db-app"],
    },
  ];
}

const vitestReporters = (file: string) => [
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${file}`,
];

/** All that are not rare, all, or those named and what they need. */
export function choose(all: Step[], named: string[], withRare: boolean): Step[] {
  if (named.length === 0) return all.filter(({ rare }) => withRare || !rare);
  const wanted = all.filter(({ name }) => named.includes(name));
  const build = wanted.some(({ needsBuild }) => needsBuild);
  return all.filter((step) => wanted.includes(step) || (build && step.name === "build"));
}
