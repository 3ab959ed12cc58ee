import { createHash, randomUUID } from "node:crypto";
import { getSession } from "../../../session.js";

export const GET = async () => Response.json(body(await getSession()));

export async function POST(request) {
  const { note } = await request.json().catch(() => ({})); // without a body there is no note
  const session = await getSession();
  session.id ??= randomUUID(); // a fingerprint needs something that stays: iron-session has no ids
  session.visits = (session.visits ?? 0) + 1;
  if (note !== undefined) session.note = note;
  await session.save();
  return Response.json(body(session));
}

export async function DELETE() {
  (await getSession()).destroy();
  return new Response(null, { status: 204 });
}

function body({ id, visits, note = null, user = null }) {
  if (!id) return { app: "iron-session", session: null };
  const fingerprint = createHash("sha256").update(id).digest("hex").slice(0, 16);
  return { app: "iron-session", session: { fingerprint, visits: visits ?? 0, note, user } };
}
