import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const text = readFileSync(join(root, "SECURITY.md"), "utf8");
const files = new Map(
  [...text.matchAll(/^\[(.+?)\]: (\S+)$/gm)].map(([, name, path]) => [name, path]),
);
/** What each row of its tables claims. */
const claims = [...text.matchAll(/^\|(?! ?-).*\|$/gm)]
  .map(([row]) => row.split("|").map((cell) => cell.trim()))
  .filter((cells) => /^yes\b/.test(cells.at(-2) ?? "") || files.has(linksIn(cells.at(-2))[0]));

function linksIn(cell = ""): string[] {
  return [...cell.matchAll(/\[([^\]]+)\](?!\()/g)].map(([, name = ""]) => name);
}

test("each protection that SECURITY.md claims names the test that would fail without it", () => {
  expect(claims.length).toBeGreaterThan(30);
  const withoutTest = claims.filter((cells) => linksIn(cells.at(-2)).length === 0);
  expect(withoutTest).toEqual([]);
  const unknown = claims
    .flatMap((cells) => linksIn(cells.at(-2)))
    .filter((name) => !files.has(name));
  expect(unknown).toEqual([]);
  const missing = [...files.values()].filter((path) => !path || !existsSync(join(root, path)));
  expect(missing).toEqual([]);
});
