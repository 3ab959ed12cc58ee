export interface Step {
  name: string;
  does: string;
  command: string[];
  /** Whose JSON report counts the checks. Without one the command itself is one check. */
  report?: "vitest" | "playwright";
  /** Only with `--all` or by name. */
  rare?: true;
  /** What the step needs: a name that bin/setup may report as missing, or `docker`, running and with Compose. */
  needs?: string;
  /** Runs what the step `build` makes, so that step goes first. */
  needsBuild?: true;
}

/** These apps are deployed in every run, the others only with `--all`. */
const alwaysDeployed = ["cookie-app", "db-app"];

/**
 * The steps of `bin/test`, in order.
 *
 * @param apps the names of the apps' manifests, such as `cache-app:redis`
 */
export function steps(apps: string[]): Step[] {
  return [
    {
      name: "lint",
      does: "style and likely mistakes",
      command: ["biome", "ci", `--colors=${process.stdout.isTTY ? "force" : "off"}`, "."],
    },
    {
      name: "unused",
      does: "files, exports and dependencies that nothing uses",
      command: ["knip"],
    },
    {
      name: "structure",
      does: "no import cycles",
      command: ["node", "tools/structure/src/structure.ts"],
    },
    { name: "types", does: "types of every package", command: ["turbo", "run", "typecheck"] },
    { name: "twins", does: "the files that the apps share", command: ["bin/twins"] },
    { name: "build", does: "the four apps", command: ["turbo", "run", "build"] },
    {
      name: "unit",
      does: "every vitest suite, against real servers",
      command: ["vitest", "run"],
      report: "vitest",
      needsBuild: true,
    },
    {
      name: "browser",
      does: "the apps in a real Chromium",
      command: ["pnpm", "--filter", "@repo/e2e", "run", "test:browser"],
      report: "playwright",
      needsBuild: true,
      needs: "chromium",
    },
    {
      name: "hostile",
      does: "20,000 hostile requests to each app, ten times as many as in `unit`",
      command: ["pnpm", "--filter", "@repo/e2e", "run", "test:hostile"],
      report: "vitest",
      needsBuild: true,
      rare: true,
    },
    {
      name: "docs",
      does: "the commands, links and headings of the documentation",
      command: ["pnpm", "--filter", "@repo/e2e", "run", "test:docs"],
      report: "vitest",
    },
    {
      name: "compare",
      does: "bin/compare on local dynos, against the apps' traits",
      command: ["pnpm", "--filter", "@repo/compare", "run", "test:e2e"],
      report: "vitest",
      needs: "k6",
    },
    {
      name: "peers",
      does: "every system in peers/, in the quick form; one of them runs in `compare`",
      command: ["bin/compare", "--peers", "--quick"],
      needs: "k6",
      rare: true,
    },
    {
      name: "workflow",
      does: "the GitHub workflow, by actionlint",
      command: ["actionlint", "-color"],
      needs: "actionlint",
    },
    {
      name: "compose",
      does: "db-app's compose file, without containers",
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
        ...(!alwaysDeployed.includes(app) && { rare: true }),
      }),
    ),
    {
      name: "copy-out",
      does: "db-app alone, outside this repository",
      command: ["bin/check-copy-out", "db-app"],
    },
  ];
}

/** All steps that are not rare, all steps, or those named and the build that they need. */
export function choose(all: Step[], named: string[], withRare: boolean): Step[] {
  if (named.length === 0) return all.filter(({ rare }) => withRare || !rare);
  const wanted = all.filter(({ name }) => named.includes(name));
  const build = wanted.some(({ needsBuild }) => needsBuild);
  return all.filter((step) => wanted.includes(step) || (build && step.name === "build"));
}
