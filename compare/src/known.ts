import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { questions } from "../src/questions.ts";
import type { Traits } from "../src/results.ts";

export const root = resolve(import.meta.dirname, "../..");

/** What an app's `package.json` declares about its strategy. */
export interface AppDeclaration {
  name: string;
  dir: string;
  title: string;
  traits: Traits;
  /** `app.redis.json` is the variant `redis`: the same app on another add-on. */
  variants: string[];
}

/** Every folder in `apps/` with a `strategy` block in its `package.json`. Nothing else lists the apps. */
export function knownApps(folder = join(root, "apps")): AppDeclaration[] {
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, dir: join(folder, name) }))
    .filter(({ dir }) => existsSync(join(dir, "package.json")))
    .flatMap(({ name, dir }) => {
      const { strategy } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
      if (!strategy) return [];
      const variants = readdirSync(dir).flatMap(
        (file) => /^app\.(.+)\.json$/.exec(file)?.[1] ?? [],
      );
      return [{ name, dir, title: strategy.title, traits: strategy.traits, variants }];
    });
}

/** The scripts in `load/`, in the order in which they are asked. */
export function knownScenarios(folder = join(root, "load")): string[] {
  const order = questions.map(({ scenario }) => scenario);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !/\.(test|config|d)\.ts$/.test(file))
    .map((file) => file.slice(0, -".ts".length))
    .sort((a, b) => place(a) - place(b));
}
