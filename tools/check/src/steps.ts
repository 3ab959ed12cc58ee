import { availableParallelism } from "node:os";

export interface Step {
  name: string;
  does: string;
  command: string[];
  /** Whose JSON report counts the checks. Without one the command itself is one check. */
  report?: "vitest" | "playwright";
  /** Only with `--all` or by name. */
  rare?: true;
  /** Is one of the steps of `--quick`, besides its place in other runs or only there. */
  quick?: "too" | "only";
  /** What the step needs: a name that bin/setup may report as missing, or `docker`, running and with Compose. */
  needs?: string;
  /** The steps, before this one in the list, that have to end well before it starts. By name it runs with them. */
  after?: string[];
  /** How many programs it runs at a time: 1 where it is not said. */
  places?: number;
}

/** Without a server, or on a server that starts in a moment; the suites that take most of a minute are not here. */
const quickSuites = [
  ...["session", "ui", "history", "registry", "colors"].map((name) => `packages/${name}/`),
  ...["report/", "tools/structure/", "tools/check/src/", "apps/file-app/"],
];

/** This app is deployed in every run, the others only with `--all`. It has an add-on, a release phase and a table. */
const ALWAYS_DEPLOYED = "db-app";

const WORKERS = Math.max(2, availableParallelism());
/**
 * vitest with as many workers as cores. On the command line, for a project takes no `maxWorkers` from the root's
 * configuration: by vitest's default for two cores each file waited for the one before.
 */
const VITEST = ["vitest", "run", `--maxWorkers=${WORKERS}`];

/**
 * The steps of `bin/test`, in the order in which they start: what is over in seconds, then what others wait for, then
 * the longest first, so that no core idles at the end beside a long one.
 *
 * @param apps the names of the apps' manifests: `APP`, or `APP:VARIANT`
 */
export function steps(apps: string[]): Step[] {
  return [
    {
      name: "lint",
      does: "style and likely mistakes",
      command: ["biome", "ci", `--colors=${process.stdout.isTTY ? "force" : "off"}`, "."],
      quick: "too",
    },
    {
      name: "unused",
      does: "files, exports and dependencies that nothing uses",
      command: ["knip"],
      quick: "too",
    },
    {
      name: "structure",
      does: "no import cycles",
      command: ["node", "tools/structure/src/structure.ts"],
      quick: "too",
    },
    {
      name: "twins",
      does: "the files that the apps share",
      command: ["bin/twins"],
      quick: "too",
    },
    {
      name: "unit:quick",
      does: "the part of `unit` that needs no server, and one app's conformance",
      command: [...VITEST, ...quickSuites],
      report: "vitest",
      quick: "only",
    },
    {
      name: "tools",
      does: "what the other steps need and this machine lacks: k6, Caddy, linters",
      command: ["bin/setup", "--tests", "--quiet", ...(process.env.CI ? [] : ["--partial"])],
    },
    { name: "build", does: "the four apps", command: ["turbo", "run", "build"] },
    {
      name: "types",
      does: "types of every package",
      command: ["node", "tools/check/src/types.ts"],
      quick: "too",
    },
    {
      name: "unit",
      does: "every vitest suite, against real servers",
      command: [...VITEST, "--project=!@repo/e2e"],
      report: "vitest",
      after: ["tools", "build"],
      places: WORKERS,
    },
    {
      name: "http",
      does: "SPEC.md's promises, asked of the built apps, and their worst days",
      command: ["pnpm", "--filter", "@repo/e2e", "run", "test"],
      report: "vitest",
      after: ["build"],
    },
    {
      name: "browser",
      does: "the apps in a real Chromium",
      command: ["pnpm", "--filter", "@repo/e2e", "run", "test:browser"],
      report: "playwright",
      after: ["tools", "build"],
      needs: "chromium",
    },
    {
      name: "compare",
      does: "bin/compare on local dynos, against the apps' traits",
      command: ["pnpm", "--filter", "@repo/compare", "run", "test:e2e"],
      report: "vitest",
      after: ["tools", "build"],
      needs: "k6",
    },
    {
      name: "docs",
      does: "the commands, links and headings of the documentation",
      command: ["pnpm", "--filter", "@repo/e2e", "run", "test:docs"],
      report: "vitest",
      after: ["tools", "build"],
    },
    {
      name: "compose",
      does: "db-app's compose file, without containers",
      command: ["bin/check-compose", "db-app"],
      after: ["tools", "build"],
      needs: "caddy",
    },
    ...apps.map(
      (app): Step => ({
        name: `buildpack:${app}`,
        does: `a deploy of ${app} as Heroku does it`,
        command: ["bin/check-buildpack", app],
        ...(app !== ALWAYS_DEPLOYED && { rare: true }),
      }),
    ),
    {
      name: "copy-out",
      does: "db-app alone, outside this repository",
      command: ["bin/check-copy-out", "db-app"],
    },
    {
      name: "express-session",
      does: "express-session's own tests on our store for it; clones them from GitHub",
      command: ["pnpm", "--filter", "@repo/session", "test:express-session"],
      rare: true,
    },
    {
      name: "workflow",
      does: "the GitHub workflow, by actionlint",
      command: ["actionlint", "-color"],
      after: ["tools"],
      needs: "actionlint",
    },
    {
      name: "hostile",
      does: "20,000 hostile requests to each app, ten times as many as in `http`",
      command: ["pnpm", "--filter", "@repo/e2e", "run", "test:hostile"],
      report: "vitest",
      after: ["build"],
      rare: true,
    },
    {
      name: "peers",
      does: "every system in peers/, in the quick form; one of them runs in `compare`",
      command: ["bin/compare", "--peers", "--quick"],
      after: ["tools"],
      needs: "k6",
      rare: true,
    },
    {
      name: "containers",
      does: "db-app's compose file in Docker",
      command: ["bin/check-compose", "--containers", "db-app"],
      after: ["tools"],
      needs: "docker",
      rare: true,
    },
  ];
}

/**
 * The steps of one run, in order.
 *
 * @param all what `steps` returns
 * @param options.named only these, and what has to run before them
 * @param options.withRare also those that are rare
 * @param options.quick only those of `--quick`
 */
export function choose(
  all: Step[],
  { named = [], withRare, quick }: { named?: string[]; withRare?: boolean; quick?: boolean },
): Step[] {
  if (quick) return all.filter((step) => step.quick);
  if (named.length === 0)
    return all.filter(({ rare, quick }) => quick !== "only" && (withRare || !rare));
  const wanted = new Set<string>();
  const want = (names: string[]) => {
    for (const step of all.filter(({ name }) => names.includes(name))) {
      wanted.add(step.name);
      want(step.after ?? []);
    }
  };
  want(named);
  return all.filter(({ name }) => wanted.has(name));
}
