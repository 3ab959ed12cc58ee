import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/**
 * The client's body as one attempt at one dyno reads it. Nothing is taken from the client before the dyno is connected,
 * so that a request can still be given to another dyno; and when the dyno's side fails, the client's connection lives on
 * for the answer.
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
      // What nobody wants any more is still read, so that the client gets to the answer, and to its next request.
      if (started) request.resume();
      callback(error);
    },
  });
  // Who reads it reports its errors; without a listener they would end the process.
  return body.on("error", () => {});
}
