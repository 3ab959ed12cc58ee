import { SessionBusyError } from "../errors.ts";
import { problem } from "../http/problem.ts";
import { singleton } from "../singletons.ts";
import { nextRequestScope } from "./request-scope.ts";

/** The total size of request bodies that may wait for a session in one process. A dyno has 512 MB. */
export const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Runs `work`, which waits for a session while a request's body of `bytes` is in memory.
 *
 * @throws SessionBusyError at once where the bodies that wait already take all the room
 */
export async function holdingBody<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  if (bytes === 0) return work();
  assertRoomFor(bytes);
  waiting().bytes += bytes;
  try {
    return await work();
  } finally {
    waiting().bytes -= bytes;
  }
}

/**
 * Call it before a body is read. A body counts only once it has arrived, or slow clients could take all the room.
 *
 * @throws SessionBusyError where `bytes` more are too many; a request without a body is never refused
 */
export function assertRoomFor(bytes: number): void {
  if (bytes === 0 || waiting().bytes + bytes <= MAX_WAITING_BYTES) return;
  throw new SessionBusyError("The request bodies that wait take all the room.");
}

const waiting = () => singleton("bodies", () => ({ bytes: 0 }));

/**
 * Reads a request's JSON.
 *
 * @returns undefined where the request has no body
 * @throws a 415 or a 400 as a `Response`; what `tooLarge` returns, as soon as the body exceeds `maxBytes`;
 *   SessionBusyError where there is no room for the body
 */
export async function readJson(
  request: Request,
  maxBytes: number,
  tooLarge: () => unknown,
): Promise<unknown> {
  const declared = request.headers.get("content-type");
  const length = Number(request.headers.get("content-length"));
  // RFC 9112, 6.3: then there is no body, and asking the stream for it would take about as long as a session.
  if (length === 0 && !request.headers.has("transfer-encoding")) return undefined;
  if (length > maxBytes) throw tooLarge();
  assertRoomFor(length);
  const bytes = await readUpTo(request, maxBytes, tooLarge);
  (await nextRequestScope()).bodyBytes = bytes.length;
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

/** Reads the body. Throws what `tooLarge` returns as soon as the body exceeds `maxBytes`. */
export async function readUpTo(
  request: Request,
  maxBytes: number,
  tooLarge: () => unknown,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (!value) return Buffer.concat(chunks);
    length += value.length;
    if (length > maxBytes) {
      drop(reader);
      throw tooLarge();
    }
    chunks.push(value);
  }
}

/** Reads the rest of a body and drops it: unread, it would block the connection's next request. */
async function drop(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<void> {
  try {
    while (!(await reader?.read())?.done);
  } catch {
    // The client went away.
  }
}
