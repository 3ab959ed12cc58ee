import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Procfile } from "./types.ts";

const LINE = /^([A-Za-z0-9_-]+):\s*(\S.*)$/;

/**
 * Reads the Procfile of a folder. A line that does not fit is an error, where Heroku would silently skip it (unsourced).
 * @throws when the file is missing, empty or not valid
 */
export function readProcfile(folder: string, name = "Procfile"): Procfile {
  const path = join(folder, name);
  if (!existsSync(path)) {
    throw new Error(
      `[dynos] Missing \`${name}\` in \`${folder}\`. One line is enough: \`web: node server.js\`.`,
    );
  }
  return parseProcfile(readFileSync(path, "utf8"), path);
}

export function parseProcfile(text: string, path = "Procfile"): Procfile {
  const commands = new Map<string, string>();
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const where = `\`${path}\`, line ${index + 1}`;
    const [, type, command] = LINE.exec(line) ?? [];
    if (type === undefined || command === undefined) {
      throw new Error(`[dynos] ${where}: \`${line}\` is not of the form \`type: command\`.`);
    }
    if (commands.has(type)) {
      throw new Error(`[dynos] ${where}: \`${type}\` appears twice. Keep one of them.`);
    }
    commands.set(type, command);
  }
  if (commands.size === 0) {
    throw new Error(
      `[dynos] \`${path}\` names no process. Add a line like \`web: node server.js\`.`,
    );
  }
  return commands;
}
