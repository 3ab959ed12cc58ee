import { SessionBusyError } from "../errors.ts";
import { problem } from "../http/problem.ts";
import { singleton } from "../singletons.ts";
import { nextRequestScope } from "./request-scope.ts";

/** What the bodies of requests that wait for a session may take together, in one process: a dyno has 512 MB. */
export const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Runs `work`, which waits for a session while a request's body of `bytes` is in memory.
 *
 * @throws SessionBusyError at once where the bodies that wait already take all the room
 */
export async function holdingBody<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  assertRoomFor(bytes);
  waiting().bytes += bytes;
  try {
    return await work();
  } finally {
    waiting().bytes -= bytes;
  }
}

/**
 * For a body that is still to be read. One that is under way counts for nothing, or slow clients took the room.
 *
 * @throws SessionBusyError where `bytes` more would be too many; a request without a body is never refused
 */
export function assertRoomFor(bytes: number): void {
  if (bytes === 0 || waiting().bytes + bytes <= MAX_WAITING_BYTES) return;
  throw new SessionBusyError("The bodies of the requests that wait take all the room there is.");
}

const waiting = () => singleton("bodies", () => ({ bytes: 0 }));

/**
 * The request's JSON, or undefined where it has no body. Throws a 415 or a 400 as a Response, and whatever
 * `tooLarge` makes once `maxBytes` are exceeded, without waiting for the rest.
 */
export async function readJson(
  request: Request,
  maxBytes: number,
  tooLarge: () => unknown,
): Promise<unknown> {
  const declared = request.headers.get("content-type");
  const length = Number(request.headers.get("content-length"));
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

/** The body; throws what `tooLarge` makes once it is longer than `maxBytes`, without waiting for the rest. */
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

/** What a body still holds stands in the way of the connection's next request, so it is read and dropped. */
async function drop(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<void> {
  try {
    while (!(await reader?.read())?.done);
  } catch {
    // The client went away.
  }
}
