/** What is done with a command that stands in a document: one rule each, and no command without one. */
export type Rule = { command: RegExp } & (
  | { needs: "a Heroku account" }
  /** The test command runs all tests, this one too. */
  | { is: "the test command" | "the name of a command" }
  /** Another test runs it; `says` stands in that file, so that this cannot become untrue unnoticed. */
  | { testedBy: string; says: string }
  /** In the foreground until the document ends, and then Ctrl-C. */
  | { bringsUp: "an app" }
  /** Runs until it says this, and then Ctrl-C. */
  | { saysThenCtrlC: RegExp }
  /** Run to its end, with another address or in a shorter form where there is `as`. */
  | { runs: true; needsApp?: true; as?: (command: string, url: string) => string }
);

export type Played = Extract<
  Rule,
  { bringsUp: unknown } | { saysThenCtrlC: unknown } | { runs: unknown }
>;

export const isPlayed = (rule: Rule | undefined): rule is Played =>
  rule !== undefined && ("bringsUp" in rule || "saysThenCtrlC" in rule || "runs" in rule);

const steps = "packages/deploy/src/steps.ts";
const compared = "report/e2e/compare.test.ts";
const alone = "bin/check-copy-out";
const fifth = "e2e/docs/fifth-app.test.ts";

export const rules: Rule[] = [
  { command: /\bheroku |^git push/, needs: "a Heroku account" },
  { command: /^bin\/test$/, is: "the test command" },
  { command: /^bin\/(dynos)?$/, is: "the name of a command" },

  { command: /^bin\/dynos up /, bringsUp: "an app" },
  { command: /^bin\/dynos ui$/, saysThenCtrlC: /Live view: http/ },
  { command: /^bin\/dynos (?!up |dev |ui)/, runs: true },
  {
    command: /^k6 run /,
    runs: true,
    needsApp: true,
    as: (command, url) =>
      command.replace(/BASE_URL=\S+/, `BASE_URL=${url} -e VISITORS=5 -e VISITS=6`),
  },

  { command: /^bin\/compare( --quick)?$/, testedBy: compared, says: 'run("--quick")' },
  {
    command: /^bin\/compare --url /,
    testedBy: "report/compare/deployed.test.ts",
    says: 'compare("--url"',
  },
  { command: /^bin\/check-buildpack/, testedBy: steps, says: '"bin/check-buildpack"' },
  {
    command: /^pnpm install( --frozen-lockfile && APP=\S+ pnpm run build)?$/,
    testedBy: alone,
    says: "pnpm install --frozen-lockfile",
  },
  { command: /^bin\/copy-out /, testedBy: steps, says: '"bin/check-copy-out"' },
  {
    command: /^bin\/deploy-branches --push /,
    testedBy: "packages/deploy/src/deploy-branches.test.ts",
    says: 'deployBranches("--push"',
  },
  {
    command: /^bin\/dynos dev /,
    testedBy: "packages/dynos/src/dev.test.ts",
    says: "dev runs Procfile.dev in place",
  },
  {
    command: /^bin\/(release|start-web)$/,
    testedBy: "packages/slug/src/start-web.test.ts",
    says: "SIGTERM reaches the server itself",
  },
  { command: /^bin\/twins$/, runs: true },
  {
    command: /^bin\/twins --fix /,
    testedBy: "packages/deploy/src/twins.test.ts",
    says: 'twins("--fix", "db-app")',
  },
  { command: /test:e2e$/, testedBy: steps, says: '"test:e2e"' },
  { command: /^pnpm report --readme/, testedBy: fifth, says: "pnpm report --readme" },
  {
    command: /^pnpm report results\//,
    runs: true,
    as: () => 'cp -R report/shown "$DYNOS_HOME" && pnpm report "$DYNOS_HOME/shown"',
  },
  { command: /^bin\/set-owner/, testedBy: fifth, says: "bin/set-owner" },
  { command: /my-app( |$)/, testedBy: fifth, says: "--apps my-app" },

  { command: /^bin\/setup$/, runs: true },
  // All four `next dev` at once are what packages/dynos/src/dev-four.test.ts runs.
  { command: /^(bin\/dev|pnpm turbo dev)$/, runs: true, as: (command) => `${command} --dry-run` },
  { command: /^new=\$\(openssl /, runs: true },
  {
    command: /^(pnpm build && )?pnpm bench$/, // `bin/check-copy-out` runs `pnpm build`
    runs: true,
    as: () => "pnpm bench file-app --rounds 1 --seconds 0.2",
  },
];

export const ruleOf = (command: string) => rules.find((rule) => rule.command.test(command));
