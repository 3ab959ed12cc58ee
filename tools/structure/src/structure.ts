import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { countLevels, findCycles, readImports } from "./imports.ts";

const HELP = `pnpm structure [--json]

Prints, per package, the product files (no tests, no test support, no fixtures), their lines, the number of files on
the longest chain of imports, and the fullest folder. Exits with 1 when files import each other in a circle; a type
import counts too.
`;

/** Code and styles that somebody reads: pages of text, data and settings are not counted. */
const CODE = /\.(?:ts|tsx|js|mjs|css|html)$/;
const NOT_PRODUCT =
  /\.(?:test|spec)\.tsx?$|\.config\.[a-z]+$|(?:^|\/)(?:test|testing|fixtures|published|shown)\/|(?:^|[/-])(?:test|harness)[.-]/;

interface PackageFigures {
  package: string;
  files: number;
  lines: number;
  levels: number;
  fullestFolder: string;
  cycles: string[][];
}

const repository = join(import.meta.dirname, "../../..");

/** The package folders of the repository, each with its files, tests included. */
function readPackages(): Map<string, string[]> {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: repository,
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => !file.includes("/fixtures/"));
  const folders = files.filter((file) => file.endsWith("/package.json")).map(dirname);
  return new Map(
    folders.sort().map((folder) => [folder, files.filter((file) => file.startsWith(`${folder}/`))]),
  );
}

function measure(folder: string, all: string[]): PackageFigures {
  const sources = new Map<string, string>();
  for (const file of all.filter((file) => CODE.test(file))) {
    try {
      sources.set(relative(folder, file), readFileSync(join(repository, file), "utf8"));
    } catch {
      // Deleted, but not committed yet.
    }
  }
  const product = [...sources].filter(([file]) => !NOT_PRODUCT.test(file));
  const perFolder = Map.groupBy(product, ([file]) => dirname(file));
  const [fullest] = [...perFolder].sort(([, a], [, b]) => b.length - a.length);
  return {
    package: folder,
    files: product.length,
    lines: product.reduce((sum, [, text]) => sum + text.split("\n").length - 1, 0),
    levels: countLevels(readImports(new Map(product))),
    fullestFolder: fullest ? `${fullest[0]} (${fullest[1].length})` : "",
    cycles: findCycles(readImports(sources)),
  };
}

if (process.argv.includes("--help") || process.argv.includes("-h")) {
  process.stdout.write(HELP);
  process.exit();
}
const packages = [...readPackages()].map(([folder, files]) => measure(folder, files));
if (process.argv.includes("--json")) console.log(JSON.stringify(packages, null, 2));
else {
  const sum = (key: "files" | "lines") => packages.reduce((total, each) => total + each[key], 0);
  const row = (...cells: (string | number)[]) =>
    cells
      .map((cell, at) =>
        at === 0 ? String(cell).padEnd(20) : at < 5 ? String(cell).padStart(7) : `  ${cell}`,
      )
      .join("");
  console.log(row("package", "files", "lines", "levels", "cycles", "fullest folder"));
  for (const each of packages) {
    const { files, lines, levels, cycles, fullestFolder } = each;
    console.log(row(each.package, files, lines, levels, cycles.length, fullestFolder));
  }
  const levels = Math.max(...packages.map((each) => each.levels));
  const cycles = packages.reduce((total, each) => total + each.cycles.length, 0);
  console.log(row("all", sum("files"), sum("lines"), levels, cycles, ""));
}
for (const { package: folder, cycles } of packages) {
  for (const files of cycles) {
    console.error(`[structure] ${folder}: \`${files.join("`, `")}\` import each other.`);
    process.exitCode = 1;
  }
}
