import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bareRoutes } from "./bare-routes.ts";

/** A build of the app with one more route, /api/bare, on the named library alone. */
export function buildBare(app: string, library: string): { slug: string; extraPaths: string[] } {
  console.log(`[bench] Building ${basename(app)} with one more route, of bare ${library} …`);
  // At the same depth as the apps, because next.config.ts finds the repository's root two levels up.
  const copy = join(import.meta.dirname, `../bare-${library}`);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  for (const name of readdirSync(app)) {
    if (name === ".next") continue;
    if (name === "node_modules") symlinkSync(join(app, name), join(copy, name));
    else cpSync(join(app, name), join(copy, name), { recursive: true });
  }
  const route = join(copy, "src/app/api/bare");
  mkdirSync(route);
  writeFileSync(join(route, "route.ts"), bareRoutes[library] ?? "");
  for (const [program, ...args] of [["next", "build"], ["complete-slug"]] as const) {
    execFileSync(join(app, "node_modules/.bin", program), args, { cwd: copy, stdio: "pipe" });
  }
  return { slug: join(copy, ".next/standalone"), extraPaths: ["/api/bare"] };
}
