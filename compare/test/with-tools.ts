import { delimiter, join } from "node:path";
import { root } from "../compare/known.ts";

/** Puts the project's own k6 in front of PATH, as `bin/with-tools` does. */
export function withTools(): void {
  const tools = join(root, ".cache/bin");
  process.env.PATH = [tools, process.env.PATH].join(delimiter);
}
