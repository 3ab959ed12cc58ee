import { randomUUID } from "node:crypto";
import { getSession } from "../../session.js";

export async function POST(request) {
  const session = await getSession();
  session.id = randomUUID();
  session.user = { name: String((await request.formData()).get("name")) };
  await session.save();
  return new Response(null, { status: 204 });
}
