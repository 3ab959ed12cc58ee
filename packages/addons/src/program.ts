import { execFileSync } from "node:child_process";
import { basename } from "node:path";
import type { ServerVersion } from "./addon.ts";
import { findProgram } from "./machine/programs.ts";

/** How to install a program, per package manager. */
export interface Install {
  brew: string;
  apt: string;
  /** The arguments of `docker run`, and the config var that points the app at the container. */
  docker: string;
  configVar: string;
}

/** A program that an add-on needs is not on this machine. The message says how to install it. */
export class MissingProgram extends Error {
  override readonly name = "MissingProgram";

  constructor(program: string, service: string, { brew, apt, docker, configVar }: Install) {
    const lines = [
      `[addons] Missing program \`${program}\`, which the add-on \`${service}\` needs. Install it in one of these ways:`,
      `  macOS            brew install ${brew}`,
      `  Debian, Ubuntu   sudo apt-get install ${apt}`,
      `  Docker           docker run --rm -d ${docker}, then add --env ${configVar}`,
    ];
    super(lines.join("\n"));
  }
}

/** The first of these programs that this machine has, by what it prints for `--version`. */
export function programVersion(...names: string[]): ServerVersion | undefined {
  const program = findProgram(...names);
  if (!program) return undefined;
  const printed = execFileSync(program, ["--version"], { encoding: "utf8" });
  const version = /\d+\.\d+(\.\d+)?/.exec(printed)?.[0];
  const name = basename(program).replace(/-server$/, "");
  return version === undefined ? undefined : { name, version };
}
