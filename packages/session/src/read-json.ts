import { problem } from "./problem.ts";

/**
 * The request's JSON, or undefined where it has no body. Throws a 415 or a 400 as a Response, and whatever
 * `tooLarge` makes once `maxBytes` are exceeded, without reading on.
 */
export async function readJson(
  request: Request,
  maxBytes: number,
  tooLarge: () => unknown,
): Promise<unknown> {
  const declared = request.headers.get("content-type");
  if (Number(request.headers.get("content-length")) > maxBytes) throw tooLarge();
  const bytes = await readUpTo(request, maxBytes, tooLarge);
  if (bytes.length === 0) return undefined;
  if (declared?.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    throw problem(
      415,
      "Not declared as JSON",
      "Send the body as `content-type: application/json`.",
    );
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw problem(400, "Not JSON", "The body is not the JSON that it is declared to be.");
  }
}

async function readUpTo(
  request: Request,
  maxBytes: number,
  tooLarge: () => unknown,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
