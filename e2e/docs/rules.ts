/** What is done with a command that stands in a document: one rule each, and no command without one. */
export type Rule = { command: RegExp } & (
  | { needs: "a Heroku account" }
  /** It runs all tests, this one too. */
  | { is: "the test command" }
  /** Another test runs it; `says` stands in that file, so that this cannot become untrue unnoticed. */
  | { testedBy: string; says: string }
  /** In the foreground until the document ends, and then Ctrl-C. */
  | { bringsUp: "an app" }
  /** Run to its end, with another address or in a shorter form where there is `as`. */
  | { runs: true; as?: (command: string, url: string) => string }
);

const steps = "packages/deploy/src/steps.ts";
const compared = "report/e2e/compare.test.ts";
const fifth = "e2e/docs/fifth-app.test.ts";

export const rules: Rule[] = [
  { command: /\bheroku |^git push/, needs: "a Heroku account" },
  { command: /^bin\/test$/, is: "the test command" },

  { command: /^bin\/dynos up /, bringsUp: "an app" },
  { command: /^bin\/dynos (?!up |dev )/, runs: true },
  {
    command: /^k6 run /,
    runs: true,
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
  { command: /^pnpm report --readme$/, testedBy: fifth, says: "pnpm report --readme" },
  { command: /^bin\/set-owner/, testedBy: fifth, says: "bin/set-owner" },
  { command: /^cp -R apps\/|my-app/, testedBy: fifth, says: "cp -R apps/file-app apps/my-app" },

  { command: /^bin\/setup$/, runs: true },
  // All four `next dev` at once are what packages/dynos/src/dev-four.test.ts runs.
  { command: /^(bin\/dev|pnpm turbo dev)$/, runs: true, as: (command) => `${command} --dry-run` },
  { command: /^new=\$\(openssl /, runs: true },
  {
    command: /^pnpm (install|build|bench)/,
    runs: true,
    as: (command) => command.replace("pnpm bench", "pnpm bench file-app --rounds 1 --seconds 0.2"),
  },
];

export const ruleOf = (command: string) => rules.find((rule) => rule.command.test(command));
