/**
 * What a library's README says to write, as a route with the answer of `/api/plain` and a session in it. By the library's
 * name: an app that depends on it is measured against it in the same process.
 */
export const bareRoutes: Record<string, string> = {
  "iron-session": `
import { plainResponse, toBody } from "@/responses";
import { getIronSession } from "iron-session";
import { cookies } from "next/headers";

const open = async () =>
  getIronSession<{ visits?: number }>(await cookies(), {
    cookieName: "bare",
    password: process.env.SESSION_SECRET ?? "",
  });

${answer()}

export async function GET() {
  return answer((await open()).visits);
}

export async function POST() {
  const session = await open();
  session.visits = (session.visits ?? 0) + 1;
  await session.save();
  return answer(session.visits);
}
`,

  // express-session is not there to keep the cookie and the id, so these lines do. As it would, a write sets the cookie
  // again; unlike it, a read moves no expiry, which would be an UPDATE for each. The pool has as many connections as the
  // app's own default.
  "connect-pg-simple": `
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { plainResponse, toBody } from "@/responses";
import connectPgSimple from "connect-pg-simple";
import { cookies } from "next/headers";
import { Pool } from "pg";

type Data = { visits?: number; cookie: { maxAge: number } };

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
const Store = connectPgSimple({ Store: EventEmitter } as never);
const store = new Store({ pool, disableTouch: true });

const get = (id: string) =>
  new Promise<Data | undefined>((resolve, reject) =>
    store.get(id, (error: unknown, data: unknown) => (error ? reject(error) : resolve((data ?? undefined) as Data))),
  );
const set = (id: string, data: Data) =>
  new Promise<void>((resolve, reject) =>
    store.set(id, data as never, (error: unknown) => (error ? reject(error) : resolve())),
  );

${answer()}

export async function GET() {
  const id = (await cookies()).get("bare")?.value;
  return answer(id ? (await get(id))?.visits : 0);
}

export async function POST() {
  const jar = await cookies();
  const id = jar.get("bare")?.value ?? randomUUID();
  const data = (await get(id)) ?? { cookie: { maxAge: 86_400_000 } };
  data.visits = (data.visits ?? 0) + 1;
  await set(id, data);
  jar.set("bare", id, { httpOnly: true, path: "/", maxAge: 86_400 });
  return answer(data.visits);
}
`,
};

function answer(): string {
  return `function answer(visits = 0) {
  const now = new Date().toISOString();
  const session = { fingerprint: "0".repeat(16), visits, note: null, user: null, createdAt: now, expiresAt: now };
  return plainResponse({ ...toBody(null), session });
}`;
}
