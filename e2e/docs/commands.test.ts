import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bringUp, expectNothingLeft } from "./bring-up.ts";
import { commandsOf } from "./commands.ts";
import { manuals, root } from "./documents.ts";
import { type Rule, ruleOf, rules } from "./rules.ts";
import { newTerminal, type Terminal } from "./terminal.ts";

const all = manuals.flatMap((document) =>
  commandsOf(document).map((command) => ({ document, command, rule: ruleOf(command) })),
);

test("no document has a command that nobody runs", () => {
  expect(all.filter(({ rule }) => !rule)).toEqual([]);
});

test("no rule is for a command that no document has any more", () => {
  expect(rules.filter((each) => !all.some(({ rule }) => rule === each))).toEqual([]);
});

test("what another test is said to run stands in that test", () => {
  for (const rule of rules) {
    if (!("testedBy" in rule)) continue;
    expect(existsSync(join(root, rule.testedBy)), rule.testedBy).toBe(true);
    expect(readFileSync(join(root, rule.testedBy), "utf8")).toContain(rule.says);
  }
});

/** What is run of a document: each command once, however often it is named. */
const plays = manuals.flatMap((document) => {
  const commands = all.filter((each) => each.document === document).map(({ command }) => command);
  const run = [...new Set(commands)].filter((command) => isRun(ruleOf(command)));
  return run.length ? [{ document, commands: run }] : [];
});

function isRun(rule: Rule | undefined): rule is Extract<Rule, { runs: true } | { bringsUp: "an app" }> {
  return rule !== undefined && ("runs" in rule || "bringsUp" in rule);
}

test.concurrent.each(plays)("the commands of $document work", async ({ document, commands }) => {
  const terminal = newTerminal();
  const up: Awaited<ReturnType<typeof bringUp>>[] = [];
  try {
    // A document about any app, not about one of ours.
    if (document === "load/README.md") up.push(await bringUp(terminal, "bin/dynos up apps/db-app"));
    for (const command of commands) {
      const rule = ruleOf(command);
      if (!isRun(rule)) continue;
      if ("bringsUp" in rule) {
        const app = await bringUp(terminal, command);
        up.push(app);
        expect((await fetch(app.liveView)).status).toBe(200);
      } else await run(terminal, rule.as?.(command, up.at(-1)?.url ?? "") ?? command);
    }
  } finally {
    for (const app of up) expect(await app.stop(), app.output()).toBe(0);
  }
  expectNothingLeft(terminal);
});

async function run(terminal: Terminal, command: string): Promise<void> {
  const { ended, output } = terminal.start(command);
  expect(await ended, `$ ${command}\n${output()}`).toBe(0);
}
