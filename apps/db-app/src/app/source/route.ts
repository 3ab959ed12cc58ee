import { readFile } from "node:fs/promises";

// Read once, by the build: what "How it works" links to is the very file that is running.
export const dynamic = "force-static";

export async function GET() {
  const source = await readFile("src/session.ts", "utf8");
  return new Response(source, {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "public, max-age=0, must-revalidate",
    },
  });
}
