import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import schema from "../results.schema.json" with { type: "json" };
import type { Results } from "./results.ts";

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile<Results>(schema);

/** Throws where `value` is not what `results.schema.json` describes, and says what is wrong with it. */
export function checkResults(value: unknown, source = "results.json"): Results {
  if (validate(value)) return value;
  const problems = (validate.errors ?? []).slice(0, 5);
  const list = problems.map((error) => `${error.instancePath || "/"} ${error.message}`).join("; ");
  throw new Error(`[report] ${source} is not what results.schema.json describes: ${list}.`);
}

/** Reads `results.json` from the folder that `bin/compare` left. */
export function readResults(folder: string): Results {
  const file = join(folder, "results.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Error(`[report] No \`results.json\` in ${folder}. Run \`bin/compare\` first.`);
  }
  return checkResults(JSON.parse(text), file);
}
