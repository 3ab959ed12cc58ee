import { isFence, textOf } from "./documents.ts";

/** What in a sentence is a command: ours, or one of the tools that we ask for. Others are names of things. */
const inSentence = /`((?:bin\/|pnpm |k6 run |heroku |git push|cp )[^`\n]*)`/g;

/** All commands of a document in the order in which a reader meets them, each with the `cd` that stands before it. */
export function commandsOf(document: string): string[] {
  const commands: string[] = [];
  let language: string | undefined;
  let unfinished = "";
  let folder = "";
  for (const line of textOf(document).split("\n")) {
    if (isFence(line)) {
      language = language === undefined ? line.slice(3) : undefined;
      folder = "";
    } else if (language === "sh") {
      const text = unfinished + line.replace(/(^|\s+)#\s.*$/, "").trim();
      unfinished = text.endsWith("\\") ? text.slice(0, -1) : "";
      if (text.startsWith("cd ")) folder = `${text} && `;
      else if (text && !unfinished) commands.push(folder + text);
    } else if (language === undefined)
      commands.push(...[...line.matchAll(inSentence)].map(([, command = ""]) => command));
  }
  return commands;
}
