import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { questions } from "@repo/report/questions";

/** The scripts in `load/`, in the order in which they are asked. */
export function knownScenarios(folder = join(ROOT, "load")): string[] {
  const order = questions.map(({ scenario }) => scenario);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !/\.(test|config|d)\.ts$/.test(file))
    .map((file) => file.slice(0, -".ts".length))
    .sort((a, b) => place(a) - place(b));
}
