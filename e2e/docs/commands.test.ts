import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandsOf } from "./commands.ts";
import { manuals, root } from "./documents.ts";
import { play } from "./play.ts";
import { isPlayed } from "./rule.ts";
import { ruleOf, rules } from "./rules.ts";

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

/** What has no app to do with is played once for all documents. */
const played = new Set<string>();

const plays = manuals.flatMap((document) => {
  const commands = [...new Set(commandsOf(document))].flatMap((command) => {
    const rule = ruleOf(command);
    if (!isPlayed(rule)) return [];
    const asRun = "runs" in rule && rule.as ? rule.as(command, "", "") : command;
    const needsApp = /^(bin\/dynos|k6) /.test(command);
    if (!needsApp && played.has(asRun)) return [];
    played.add(asRun);
    return [{ command, rule }];
  });
  return commands.length ? [{ document, commands }] : [];
});

test.concurrent.each(plays)("the commands of $document work", ({ commands }) => play(commands));
