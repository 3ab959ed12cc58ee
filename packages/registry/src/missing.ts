import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./registry.ts";

/** Something that this machine lacks and that bin/setup could not bring. */
export interface Missing {
  /** `memcached`, `redis`, `postgres`, `k6` or `chromium`. */
  name: string;
  /** What brings it. */
  command: string;
}

/** What the last bin/setup left undone in this checkout; nothing where it never ran. */
export function readMissing(root: string = ROOT): Missing[] {
  let text: string;
  try {
    text = readFileSync(join(root, ".cache/missing"), "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    const [name, command] = line.split("\t");
    return name && command ? [{ name, command }] : [];
  });
}
