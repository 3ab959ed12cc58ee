import type { OutgoingHttpHeaders } from "node:http";
import type { Backend } from "./backends.ts";
import { requestBody } from "./body.ts";
import { connectFailure, isRefusedRequest, isUnreadableAnswer } from "./failures.ts";
import { responseHead } from "./response-headers.ts";
import type { Trip } from "./trip.ts";

/** The dyno's side of a request: sends it, and passes the answer on as it comes. */
export function send(trip: Trip, backend: Backend) {
  const { request, response, entry, timeouts } = trip;
  const { record } = entry;
  const dispatchedAt = performance.now();
  let connected = false;
  let sent = false;
  record.dyno = backend.name;

  const idle = () => {
    const clientIsSlow = !response.headersSent || response.writableNeedDrain;
    trip.cut(clientIsSlow ? "H28" : "H15");
  };

  const takeBody = () => {
    if (request.headers.expect && !trip.over) response.writeContinue();
  };

  /** An answer that takes its time shows its head at once; a short one goes out with it in one piece. */
  const passOnHead = () => {
    if (trip.over || response.writableEnded) return;
    response.flushHeaders();
    trip.timer = setTimeout(idle, timeouts.idleMs);
  };

  const resume = () => {
    trip.timer?.refresh();
    trip.controller?.resume();
  };

  const options = {
    path: record.path,
    method: record.method,
    headers: entry.headers,
    body: trip.hasBody ? requestBody(request, takeBody) : null,
    // Or undici would close the connection after each HEAD.
    reset: false,
  };

  backend.pool.dispatch(options, {
    onRequestStart(controller) {
      connected = true;
      trip.controller = controller;
      if (trip.over) return controller.abort(new Error("The client is gone."));
      record.connectedAt = performance.now();
      record.connectMs = record.connectedAt - dispatchedAt;
      if (trip.hasBody) trip.timer = setTimeout(idle, timeouts.idleMs);
    },
    onBodySent() {
      trip.timer?.refresh();
    },
    onRequestSent() {
      sent = true;
      if (trip.over || response.headersSent) return;
      clearTimeout(trip.timer);
      trip.timer = setTimeout(trip.fail, timeouts.firstByteMs, "H12");
    },
    onResponseStart(controller, status, _headers, statusText) {
      if (trip.over) return;
      const head = responseHead((controller.rawHeaders ?? []) as Buffer[], entry, backend);
      if (status < 200) return response.writeInformation(status, head.headers);
      clearTimeout(trip.timer);
      trip.timer = undefined;
      if (head.oversizedCookie) return trip.fail("H25");
      record.status = status;
      response.writeHead(status, plainText(statusText), head.headers);
      process.nextTick(passOnHead);
    },
    onResponseData(controller, chunk) {
      if (trip.over) return;
      trip.timer?.refresh();
      record.bytes += chunk.length;
      if (response.write(chunk)) return;
      controller.pause();
      response.once("drain", resume);
    },
    onResponseEnd(_controller, trailers) {
      trip.controller = undefined;
      if (trip.over) return;
      if (trailers) response.addTrailers(trailers as OutgoingHttpHeaders);
      response.end();
    },
    onResponseError(_controller, error) {
      trip.controller = undefined;
      if (trip.over) return;
      if (isRefusedRequest(error)) return trip.fail("H26");
      if (!connected) {
        record.connectMs = performance.now() - dispatchedAt;
        return trip.refused(backend, connectFailure(error));
      }
      if (response.headersSent) return trip.cut("H18");
      if (isUnreadableAnswer(error)) return trip.fail("H17");
      trip.fail(sent ? "H13" : "H18");
    },
  });
}

/** What Node would refuse in a status line is left out; nothing depends on it. */
function plainText(text: string | undefined): string {
  return text && /^[\t\x20-\x7e]*$/.test(text) ? text : "";
}
