import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@repo/registry";

export const readJson = (path: string) => JSON.parse(readFileSync(join(ROOT, path), "utf8"));
