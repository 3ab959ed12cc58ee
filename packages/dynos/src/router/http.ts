import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { type Dispatcher, errors } from "undici";
import { connectFailure } from "./backends.ts";
import { requestBody } from "./body.ts";
import type { Failure, HCode } from "./codes.ts";
import { answerError } from "./error-page.ts";
import { responseHead } from "./headers.ts";
import { recordFailure } from "./record.ts";
import type { Backend, RouterCore } from "./types.ts";

/** Takes one request through the router: it ends with a dyno's response, an error page, or a closed connection. */
export function proxyRequest(
  core: RouterCore,
  request: IncomingMessage,
  response: ServerResponse,
  secure: boolean,
) {
  const { timeouts } = core;
  const admission = core.admit(request, secure);
  const { record } = admission;
  const withBody = hasBody(request);
  /** The request to the dyno, while it runs. */
  let controller: Dispatcher.DispatchController | undefined;
  /** The one time limit that runs: for the first byte, or for silence. */
  let timer: NodeJS.Timeout | undefined;
  /** Nothing more is passed on: the router has answered, or the client is gone. */
  let over = false;

  response.on("error", () => {});
  response.on("close", () => {
    over = true;
    clearTimeout(timer);
    search.cancel();
    if (!response.writableFinished) cut("H27");
    if (record.code !== "H12") controller?.abort(new Error("The client is gone."));
    admission.leave();
  });
  const search = core.search(admission, send, fail);
  if (admission.refusal) fail(admission.refusal);
  else search.next();

  function fail(failure: Failure) {
    over = true;
    clearTimeout(timer);
    // The dyno is not told of H12 (https://devcenter.heroku.com/articles/request-timeout, 7 May 2024). How long its
    // response is waited for is unsourced.
    if (failure === "H12") {
      const late = () => controller?.abort(new Error("The client has its answer."));
      setTimeout(late, timeouts.idleMs).unref();
    }
    answerError(response, record, failure);
  }

  /** Too late for an error page: closes the client's connection before the response is complete. */
  function cut(code: HCode) {
    over = true;
    recordFailure(record, record.code ?? code);
    response.destroy();
  }

  /** Sends the request to a dyno, and passes the response on as it comes. */
  function send(backend: Backend) {
    const dispatchedAt = performance.now();
    let connected = false;
    let sent = false;
    record.dyno = backend.name;

    const idle = () => {
      const clientIsSlow = !response.headersSent || response.writableNeedDrain;
      cut(clientIsSlow ? "H28" : "H15");
    };
    const continueBody = () => {
      if (request.headers.expect && !over) response.writeContinue();
    };
    /** The head of a slow response goes out at once; that of a short one, in one piece with its body. */
    const flushHead = () => {
      if (over || response.writableEnded) return;
      response.flushHeaders();
      timer = setTimeout(idle, timeouts.idleMs);
    };
    const resume = () => {
      timer?.refresh();
      controller?.resume();
    };
    const options = {
      path: record.path,
      method: record.method,
      headers: admission.headers,
      body: withBody ? requestBody(request, continueBody) : null,
      // Or undici would close the connection after each HEAD.
      reset: false,
    };

    backend.pool.dispatch(options, {
      onRequestStart(started) {
        connected = true;
        controller = started;
        if (over) return started.abort(new Error("The client is gone."));
        record.connectedAt = performance.now();
        record.connectMs = record.connectedAt - dispatchedAt;
        if (withBody) timer = setTimeout(idle, timeouts.idleMs);
      },
      onBodySent() {
        timer?.refresh();
      },
      onRequestSent() {
        sent = true;
        if (over || response.headersSent) return;
        clearTimeout(timer);
        timer = setTimeout(fail, timeouts.firstByteMs, "H12");
      },
      onResponseStart({ rawHeaders }, status, _headers, statusText) {
        if (over) return;
        const raw = (rawHeaders ?? []) as Buffer[];
        const head = responseHead(raw, admission, backend, statusText);
        if (status < 200) return response.writeInformation(status, head.headers);
        clearTimeout(timer);
        timer = undefined;
        if (head.oversized) return fail("H25");
        record.status = status;
        response.writeHead(status, printable(statusText), head.headers);
        process.nextTick(flushHead);
      },
      onResponseData(running, chunk) {
        if (over) return;
        timer?.refresh();
        record.bytes += chunk.length;
        if (response.write(chunk)) return;
        running.pause();
        response.once("drain", resume);
      },
      onResponseEnd(_controller, trailers) {
        controller = undefined;
        if (over) return;
        if (trailers) response.addTrailers(trailers as OutgoingHttpHeaders);
        response.end();
      },
      onResponseError(_controller, error) {
        controller = undefined;
        if (over) return;
        if (isRefusedByClient(error)) return fail(400);
        if (!connected) {
          record.connectMs = performance.now() - dispatchedAt;
          return search.refused(backend, connectFailure(error));
        }
        if (response.headersSent) return cut("H18");
        if (isUnreadableResponse(error)) return fail("H17");
        fail(sent ? "H13" : "H18");
      },
    });
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return (
    headers["transfer-encoding"] !== undefined ||
    (headers["content-length"] !== undefined && headers["content-length"] !== "0")
  );
}

/** A reason phrase that Node would refuse is left out; nothing depends on it. */
function printable(text: string | undefined): string {
  return text && /^[\t\x20-\x7e]*$/.test(text) ? text : "";
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code;

/** undici does not send such a request, by its own error or failed assertion; the dyno is not at fault. */
function isRefusedByClient(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  return ["UND_ERR_INVALID_ARG", "UND_ERR_NOT_SUPPORTED", "ERR_ASSERTION"].includes(code);
}

/** The dyno's response is not HTTP, or cannot be passed on as HTTP. */
function isUnreadableResponse(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  return (
    error instanceof errors.HTTPParserError ||
    error instanceof errors.ResponseContentLengthMismatchError ||
    error instanceof errors.HeadersOverflowError ||
    // Node's own, when it will not write such a head.
    code.startsWith("ERR_")
  );
}
