import { problem, readJson, route, SessionTooLargeError } from "@repo/session";
import { sessionResponse } from "@/responses";
import { getSession, strategy } from "@/session";

export const dynamic = "force-dynamic";

/** A character takes up to six bytes of JSON (`\u0041`), so no note that fits comes in a longer body. */
const BYTES_PER_CHARACTER = 6;

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  async GET() {
    return sessionResponse(await getSession());
  },

  /** One more visit, with an optional note. */
  async POST(request) {
    const note = await readNote(request);
    const session = await getSession();
    await session.update((fields) => {
      fields.visits = (fields.visits ?? 0) + 1;
      if (note !== undefined) fields.note = note;
    });
    return sessionResponse(session);
  },

  async DELETE() {
    const session = await getSession();
    await session.destroy();
    return sessionResponse(session, 204);
  },
});

async function readNote(request: Request): Promise<string | undefined> {
  const { name, maxBytes } = strategy;
  const tooLarge = () => new SessionTooLargeError(name, maxBytes);
  const json = await readJson(request, maxBytes * BYTES_PER_CHARACTER, tooLarge);
  if (json === undefined) return undefined;
  const { note } = Object(json) as { note?: unknown };
  const isObject = typeof json === "object" && json !== null;
  if (isObject && (note === undefined || typeof note === "string")) return note;
  throw problem(400, "Not a note", 'The body takes the form { "note": "a string" }.');
}
