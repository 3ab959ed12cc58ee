import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";

// Read once, by the build: what "How it works" links to are the very files that are running.
export const dynamic = "force-static";

export async function GET() {
  const sources = (await strategyFiles()).map(
    async (path) => `// ${path}\n\n${await readFile(path, "utf8")}`,
  );
  return new Response((await Promise.all(sources)).join("\n\n"), {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "public, max-age=0, must-revalidate",
    },
  });
}

/** `src/session.ts`, and the stores where it has some. */
async function strategyFiles(): Promise<string[]> {
  const folder = "src/stores";
  const stores = existsSync(folder) ? (await readdir(folder)).sort() : [];
  const own = stores.filter((file) => !file.endsWith(".test.ts"));
  return ["src/session.ts", ...own.map((file) => `${folder}/${file}`)];
}
