import { expect, test } from "vitest";
import { countLevels, findCycles, readImports } from "./imports.ts";

const sources = (files: Record<string, string>) => new Map(Object.entries(files));

test("follows imports, re-exports, imports of types and dynamic ones, over several lines", () => {
  const imports = readImports(
    sources({
      "src/a.ts": `import {\n  type B,\n  c,\n} from "./b.ts";\nexport * from "./c/index.ts";\nimport "./d.ts";`,
      "src/b.ts": `import type { X } from "@/d";\nimport { readFile } from "node:fs";`,
      "src/c/index.ts": `const d = await import("../d.ts");`,
      "src/d.ts": `const text = "from './a.ts'";`,
    }),
  );
  expect(Object.fromEntries(imports)).toEqual({
    "src/a.ts": ["src/b.ts", "src/c/index.ts", "src/d.ts"],
    "src/b.ts": ["src/d.ts"],
    "src/c/index.ts": ["src/d.ts"],
    "src/d.ts": [],
  });
  expect(countLevels(imports)).toBe(3);
  expect(findCycles(imports)).toEqual([]);
});

test("names the files of a circle, types included, and those alone", () => {
  const imports = readImports(
    sources({
      "a.ts": `import { b } from "./b.ts";`,
      "b.ts": `import { c } from "./c.ts";\nimport { d } from "./d.ts";`,
      "c.ts": `import type { B } from "./b.ts";`,
      "d.ts": "",
    }),
  );
  expect(findCycles(imports).map((files) => files.sort())).toEqual([["b.ts", "c.ts"]]);
  expect(countLevels(imports)).toBe(3);
});
