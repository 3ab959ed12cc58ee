import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// At the same depth as the apps, because next.config.ts finds the repository's root two levels up.
const COPY = join(import.meta.dirname, "../bare-iron-session");

/** What iron-session's README says to write, with an answer of the same size. */
const ROUTE = `
import { body } from "@/answer";
import { getIronSession } from "iron-session";
import { cookies } from "next/headers";

const open = async () =>
  getIronSession<{ visits?: number }>(await cookies(), {
    cookieName: "bare",
    password: process.env.SESSION_SECRET ?? "",
  });

function answer(visits = 0) {
  const now = new Date().toISOString();
  const session = { fingerprint: "0".repeat(16), visits, note: null, user: null, createdAt: now, expiresAt: now };
  return Response.json({ ...body(null), session });
}

export async function GET() {
  return answer((await open()).visits);
}

export async function POST() {
  const session = await open();
  session.visits = (session.visits ?? 0) + 1;
  await session.save();
  return answer(session.visits);
}
`;

/** A build of the app with one more route, /api/bare. */
export function buildBareIronSession(app: string): { slug: string; extraPaths: string[] } {
  console.log("[bench] Building cookie-app with one more route, of bare iron-session …");
  rmSync(COPY, { recursive: true, force: true });
  mkdirSync(COPY);
  for (const name of readdirSync(app)) {
    if (name === ".next") continue;
    if (name === "node_modules") symlinkSync(join(app, name), join(COPY, name));
    else cpSync(join(app, name), join(COPY, name), { recursive: true });
  }
  const route = join(COPY, "src/app/api/bare");
  mkdirSync(route);
  writeFileSync(join(route, "route.ts"), ROUTE);
  execFileSync(join(app, "node_modules/.bin/next"), ["build"], { cwd: COPY, stdio: "pipe" });
  return { slug: join(COPY, ".next/standalone"), extraPaths: ["/api/bare"] };
}
