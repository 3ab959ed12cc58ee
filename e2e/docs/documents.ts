import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** This checkout. */
export const root = join(import.meta.dirname, "../..");

/** Every Markdown file, as a path from the root. */
export const documents = filesOf("*.md");

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

/** The files that git knows or would take, as paths from the root. */
export function filesOf(...patterns: string[]): string[] {
  const git = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...patterns];
  const paths = execFileSync("git", git, { cwd: root, encoding: "utf8" }).split("\0");
  return [...new Set(paths)].filter((path) => path && existsSync(join(root, path))).sort();
}
