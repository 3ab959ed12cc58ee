import { posix } from "node:path";

/** Which files of a package each of its files imports, types included. */
export type Imports = ReadonlyMap<string, readonly string[]>;

const STATEMENT =
  /^\s*(?:import|export)\b(?:[^"';]*?\bfrom)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gm;
const ENDINGS = ["", ".ts", ".tsx", "/index.ts"];

/**
 * @param sources The text of every file of a package, by its path relative to the package.
 * @returns Imports within the package, relative (`./x.ts`) or by the apps' alias (`@/x`). All others are left out.
 */
export function readImports(sources: ReadonlyMap<string, string>): Imports {
  const resolve = (path: string) =>
    ENDINGS.map((ending) => path + ending).find((file) => sources.has(file));
  return new Map(
    [...sources].map(([file, text]) => {
      const found = [...text.matchAll(STATEMENT)].flatMap(([, from, dynamic]) => {
        const name = from ?? dynamic ?? "";
        if (name.startsWith(".")) return resolve(posix.join(posix.dirname(file), name)) ?? [];
        return name.startsWith("@/") ? (resolve(`src/${name.slice(2)}`) ?? []) : [];
      });
      return [file, [...new Set(found)]];
    }),
  );
}

/** Files that import each other, directly or in a circle: one list per circle, by Tarjan's algorithm. */
export function findCycles(imports: Imports): string[][] {
  return components(imports).filter(
    ([file = "", ...others]) => others.length > 0 || imports.get(file)?.includes(file),
  );
}

/** The number of files on the longest chain of imports. A cycle counts as one file. */
export function countLevels(imports: Imports): number {
  const levels = new Map<string, number>();
  // Tarjan's algorithm gives a component after everything it imports.
  for (const files of components(imports)) {
    const below = files.flatMap((file) => imports.get(file) ?? []);
    const level = 1 + Math.max(0, ...below.map((file) => levels.get(file) ?? 0));
    for (const file of files) levels.set(file, level);
  }
  return Math.max(0, ...levels.values());
}

function components(imports: Imports): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const stack: string[] = [];

  /** Returns the earliest file on the stack that `file` leads back to. */
  function visit(file: string): number {
    const index = order.size;
    let earliest = index;
    order.set(file, index);
    stack.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) earliest = Math.min(earliest, visit(next));
      else if (stack.includes(next)) earliest = Math.min(earliest, order.get(next) ?? index);
    }
    if (earliest === index) found.push(stack.splice(stack.indexOf(file)));
    return earliest;
  }

  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found;
}
