import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/**
 * The client's body as one attempt at one dyno reads it. Nothing is read from the client before the dyno is connected,
 * so that another dyno can still take the request; and when the dyno's side fails, the client's connection stays open
 * for the answer.
 * @param onFirstRead called when the dyno is about to get the body
 */
export function requestBody(request: IncomingMessage, onFirstRead: () => void): Readable {
  let started = false;
  const onData = (chunk: Buffer) => {
    if (!body.push(chunk)) request.pause();
  };
  const onEnd = () => body.push(null);
  const body = new Readable({
    read() {
      if (!started) {
        started = true;
        request.on("data", onData).on("end", onEnd);
        onFirstRead();
      }
      request.resume();
    },
    destroy(error, callback) {
      request.off("data", onData).off("end", onEnd);
      // The rest is read and dropped, so that the client gets to the answer, and to its next request.
      if (started) request.resume();
      callback(error);
    },
  });
  // The reader reports its errors; without a listener they would end the process.
  return body.on("error", () => {});
}
