import type { Rule } from "./rule.ts";

const steps = "tools/check/src/steps.ts";
const alone = "bin/check-copy-out";
const fifth = "e2e/docs/fifth-app.test.ts";

/** The first that fits counts; a command that none fits fails the tests. */
export const rules: Rule[] = [
  { command: /\bdokku /, needs: "a server with Dokku" },
  { command: /^git push dokku@/, needs: "a server with Dokku" },
  { command: /\bheroku |^git push/, needs: "a Heroku account" },
  { command: /test:express-session$/, testedBy: steps, says: "test:express-session" },
  { command: /^bin\/test( --all| --quick| unit)?$/, is: "the test command" },
  { command: /^bin\/(dynos( up( --pooler)?)?|build)?$/, is: "the name of a command" },

  // A copy of an app is brought up by the script that checks it.
  { command: /^bin\/dynos up \.\.\/my-app/, testedBy: alone, says: "packages/dynos/src/index.ts" },
  { command: /^pnpm structure$/, testedBy: steps, says: "tools/structure/src/structure.ts" },

  // Played as they stand.
  { command: /^bin\/dynos up /, bringsUp: "an app" },
  { command: /^bin\/dynos ui$/, saysThenCtrlC: /Live view: http/ },
  { command: /^bin\/dynos (?!up |dev |ui)/, runs: true },
  { command: /^bin\/(setup|twins)$/, runs: true },
  { command: /^new=\$\(openssl /, runs: true },

  // Played with the address of an app that is up, or with less to do.
  {
    command: /^k6 run (?!.*my-app(-0123456789ab\.herokuapp|\.example))/,
    runs: true,
    as: (command, url, events) =>
      command
        .replace(/BASE_URL=\S+/, `BASE_URL=${url} -e VISITORS=5`)
        .replace(/EVENTS=\S+/, `EVENTS=${events}`),
  },
  {
    command: /^pnpm report results\//,
    runs: true,
    as: () => 'cp -R report/published "$DYNOS_HOME" && pnpm report "$DYNOS_HOME/published"',
  },
  {
    command: /^(pnpm build && )?pnpm bench( --profile)?( --write)?$/, // `pnpm build` is run by bin/check-copy-out
    runs: true,
    as: () => "pnpm bench file-app --rounds 1 --seconds 0.2",
  },
  {
    command: /^pnpm bench --scale/,
    runs: true,
    as: () => "pnpm bench --scale cache-app:redis --cached 500 --rounds 1 --seconds 0.2",
  },
  { command: /^pnpm bench --peers/, needs: "packages that the peers alone use" },
  // Several apps at once are what packages/dynos/src/dev-together.test.ts runs.
  { command: /^(bin\/dev|pnpm turbo dev)$/, runs: true, as: (command) => `${command} --dry-run` },

  // Run elsewhere.
  {
    command: /^k6 run .*-e BASE_URL=https:\/\/my-app(-0123456789ab\.herokuapp\.com|\.example) /,
    testedBy: "load/scripts.test.ts",
    says: "a healthy app works",
  },
  {
    command: /^bin\/compare( --quick)?$/,
    testedBy: "compare/e2e/compare.test.ts",
    says: 'run("--quick")',
  },
  {
    command: /^bin\/compare --dir /,
    testedBy: "compare/e2e/any-app.test.ts",
    says: '"--dir"',
  },
  {
    command: /^bin\/compare --peers/,
    testedBy: "compare/e2e/any-app.test.ts",
    says: '"--peers"',
  },
  {
    command: /^pnpm report --peers /,
    testedBy: "report/src/peers/peers.test.ts",
    says: "publishes the results of a run",
  },
  {
    command: /^bin\/compare --resume /,
    testedBy: "compare/src/deployed.test.ts",
    says: '"--resume"',
  },
  {
    command: /^bin\/compare --url /,
    testedBy: "compare/src/deployed.test.ts",
    says: 'compare("--url"',
  },
  {
    command: /^bin\/check-history( |$)/,
    testedBy: "packages/history/test/cli.test.ts",
    says: '"bin/check-history"',
  },
  { command: /test:e2e$/, testedBy: steps, says: '"test:e2e"' },
  { command: /^bin\/check-buildpack/, testedBy: steps, says: '"bin/check-buildpack"' },
  { command: /^bin\/check-compose/, testedBy: steps, says: '"bin/check-compose"' },
  { command: /^bin\/check-copy-out/, testedBy: steps, says: '"bin/check-copy-out"' },
  { command: /^bin\/copy-out /, testedBy: alone, says: 'bin/copy-out" "$app"' },
  { command: /^cd \.\.\/my-app && /, testedBy: alone, says: 'cd "$dir/copy"' },
  {
    command: /^pnpm install( --frozen-lockfile && APP=\S+ pnpm run build)?$/,
    testedBy: alone,
    says: "pnpm install --frozen-lockfile",
  },
  { command: /my-app( |$)/, testedBy: fifth, says: "--apps my-app" },
  { command: /^bin\/set-owner/, testedBy: fifth, says: "bin/set-owner" },
  { command: /^pnpm report --readme/, testedBy: fifth, says: "pnpm report --readme" },
  {
    command: /^pnpm --filter @repo\/load readme$/,
    testedBy: "load/lib/scenarios.test.ts",
    says: "the README has the questions and the expected verdicts that the code has",
  },
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
  {
    command: /^bin\/twins --fix /,
    testedBy: "tools/check/scripts/twins.test.ts",
    says: 'twins("--fix", "db-app")',
  },
];

export const ruleOf = (command: string) => rules.find((rule) => rule.command.test(command));
