import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { documents, headings, prose, root, textOf } from "./documents.ts";

/** A heading's address on GitHub. */
const anchor = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

/** Those of `[text](target)`, an image's, and of `[text]: target`. */
const links = (text: string) =>
  [...text.matchAll(/(?:\]\(|^\[[^\]]+\]: )([^)\s]+)/gm)].map(([, target = ""]) => target);

function problemWith(document: string, target: string): string | undefined {
  const [path = "", fragment] = target.split("#");
  const file = path ? normalize(join(dirname(document), path)) : document;
  if (file.startsWith("..") || !existsSync(join(root, file))) return `${target}: no such file`;
  if (fragment === undefined || statSync(join(root, file)).isDirectory()) return;
  if (!headings(textOf(file)).map(anchor).includes(fragment)) return `${target}: no such heading`;
}

test.each(documents)("every link of %s within the repository leads somewhere", (document) => {
  const within = links(prose(textOf(document))).filter((target) => !/^[a-z]+:/.test(target));
  expect(within.flatMap((target) => problemWith(document, target) ?? [])).toEqual([]);
});

test("a link that leads nowhere is found", () => {
  expect(problemWith("docs/heroku.md", "../README.md#deploy-to-heroku")).toBeUndefined();
  expect(problemWith("docs/heroku.md", "README.md")).toContain("no such file");
  expect(problemWith("README.md", "docs/heroku.md#by-carrier-pigeon")).toContain("no such heading");
  expect(problemWith("README.md", "../elsewhere.md")).toContain("no such file");
});
