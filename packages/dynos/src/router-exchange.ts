import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import { affinityCookie } from "./router-affinity.ts";
import { answerError } from "./router-answer.ts";
import type { Backend } from "./router-backends.ts";
import { requestBody } from "./router-body.ts";
import type { HCode } from "./router-codes.ts";
import { H_CODES } from "./router-codes.ts";
import type { RouterCore } from "./router-core.ts";
import { connectFailure, isRefusedRequest, isUnreadableAnswer } from "./router-failures.ts";
import { responseHead } from "./router-response-headers.ts";

const noop = () => {};

/** One request and its answer: through a dyno, or an error page of the router's own. */
export function exchange(
  core: RouterCore,
  request: IncomingMessage,
  response: ServerResponse,
  secure: boolean,
) {
  const { timeouts } = core;
  const entry = core.enter(request, secure);
  const { record } = entry;
  const hasBody =
    request.headers["transfer-encoding"] !== undefined ||
    (request.headers["content-length"] ?? "0") !== "0";
  let controller: Dispatcher.DispatchController | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** The dyno is no longer listened to: the router has answered, or the client is gone. */
  let over = false;

  response.on("error", noop);
  response.on("close", () => {
    over = true;
    clearTimeout(timer);
    search.cancel();
    if (!response.writableFinished) cut("H27");
    if (record.code !== "H12") controller?.abort(new Error("The client is gone."));
    entry.leave();
  });

  const search = core.search(entry, send, fail);
  if (entry.refusal) fail(entry.refusal);
  else search.next();

  function send(backend: Backend) {
    const dispatchedAt = performance.now();
    let connected = false;
    record.dyno = backend.name;
    backend.pool.dispatch(
      {
        path: record.path,
        method: record.method,
        headers: entry.headers,
        body: hasBody ? requestBody(request, takeBody) : null,
        reset: false,
      },
      {
        onRequestStart(started) {
          connected = true;
          controller = started;
          if (over) return started.abort(new Error("The client is gone."));
          record.connectedAt = performance.now();
          record.connectMs = record.connectedAt - dispatchedAt;
          if (hasBody) timer = setTimeout(idle, timeouts.idleMs);
        },
        onBodySent() {
          timer?.refresh();
        },
        onRequestSent() {
          if (over || response.headersSent) return;
          clearTimeout(timer);
          timer = setTimeout(fail, timeouts.firstByteMs, "H12");
        },
        onResponseStart(_, status, __, statusText) {
          if (over) return;
          const head = responseHead((controller?.rawHeaders ?? []) as Buffer[]);
          if (status < 200) return response.writeInformation(status, head.headers);
          clearTimeout(timer);
          timer = undefined;
          if (head.oversizedCookie) return fail("H25");
          record.session = head.session;
          record.status = status;
          if (entry.affinity && entry.token !== backend.token) {
            head.headers.push("Set-Cookie", affinityCookie(backend, secure));
          }
          response.writeHead(status, plainText(statusText), head.headers);
          process.nextTick(passOnHead);
        },
        onResponseData(_, chunk) {
          if (over) return;
          timer?.refresh();
          record.bytes += chunk.length;
          if (response.write(chunk)) return;
          controller?.pause();
          response.once("drain", resume);
        },
        onResponseEnd(_, trailers) {
          controller = undefined;
          if (over) return;
          if (trailers) response.addTrailers(trailers as OutgoingHttpHeaders);
          response.end();
          if (!request.complete) request.resume();
        },
        onResponseError(_, error) {
          controller = undefined;
          if (over) return;
          if (isRefusedRequest(error)) return fail("H26");
          if (!connected) {
            record.connectMs = undefined;
            return search.refused(backend, connectFailure(error));
          }
          if (response.headersSent) return cut("H18");
          fail(isUnreadableAnswer(error) ? "H17" : "H13");
        },
      },
    );
  }

  /** An answer that comes slowly shows its head at once; one that is complete already goes out in one piece. */
  function passOnHead() {
    if (over || response.writableEnded) return;
    response.flushHeaders();
    timer = setTimeout(idle, timeouts.idleMs);
  }

  function takeBody() {
    if (request.headers.expect && !over) response.writeContinue();
  }

  function resume() {
    timer?.refresh();
    controller?.resume();
  }

  function idle() {
    const clientIsSlow = !response.headersSent || response.writableNeedDrain;
    cut(clientIsSlow ? "H28" : "H15");
  }

  /** Too late for an error page: the connection ends before the answer does. */
  function cut(code: HCode) {
    record.code ??= code;
    record.status = H_CODES[record.code].status;
    over = true;
    response.destroy();
  }

  function fail(code: HCode) {
    over = true;
    clearTimeout(timer);
    record.code = code;
    if (code === "H12") abandon();
    else controller?.abort(new Error(H_CODES[code].desc));
    answerError(response, record);
    if (!request.complete) request.resume();
  }

  /** The dyno is not told that nobody waits any more; only, it is not waited for without end. */
  function abandon() {
    const left = controller;
    setTimeout(() => left?.abort(new Error("Nobody waits.")), timeouts.idleMs).unref();
  }
}

function plainText(text: string | undefined): string {
  return text && /^[\t\x20-\x7e]*$/.test(text) ? text : "";
}
