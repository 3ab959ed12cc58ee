import { getSession } from "../../session.js";

export async function POST() {
  (await getSession()).destroy();
  return new Response(null, { status: 204 });
}
