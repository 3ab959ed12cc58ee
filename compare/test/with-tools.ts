import { delimiter, join } from "node:path";
import { ROOT } from "@repo/registry";

/** Puts the project's own k6 in front of PATH, as `bin/with-tools` does. */
export function withTools(): void {
  const tools = join(ROOT, ".cache/bin");
  process.env.PATH = [tools, process.env.PATH].join(delimiter);
}
