import { SessionBusyError } from "../errors.ts";
import { once } from "../process.ts";

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

const waiting = () => once("bodies", () => ({ bytes: 0 }));
