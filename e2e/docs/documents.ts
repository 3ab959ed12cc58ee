import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** This checkout. */
export const root = join(import.meta.dirname, "../..");

/** Every Markdown file, as a path from the root. */
export const documents = globSync("{*,*/*,*/*/*}.md", {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|results|test-results)(\/|$)/.test(path),
}).sort();

/** Those with instructions; a decision tells what was, not what to do. */
export const manuals = documents.filter((path) => !path.startsWith("decisions/"));

export const textOf = (path: string) => readFileSync(join(root, path), "utf8");

export const isFence = (line: string) => line.startsWith("```");

/** The text without its code blocks: what looks like a heading or a link in them is none. */
export function prose(text: string): string {
  let inCode = false;
  return text
    .split("\n")
    .filter((line) => {
      if (isFence(line)) inCode = !inCode;
      return !inCode && !isFence(line);
    })
    .join("\n");
}

export const headings = (text: string) =>
  [...prose(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) => title);
