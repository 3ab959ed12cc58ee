import type { IncomingMessage, ServerResponse } from "node:http";
import type { RouterCore } from "./admission.ts";
import { answerError } from "./answer.ts";
import { H_CODES } from "./codes.ts";
import { send } from "./send.ts";
import type { Trip } from "./trip.ts";

const ignore = () => {};

/** The client's side of a request: it ends with the answer of a dyno, an error page, or a cut connection. */
export function exchange(
  core: RouterCore,
  request: IncomingMessage,
  response: ServerResponse,
  secure: boolean,
) {
  const entry = core.enter(request, secure);
  const { record } = entry;
  const trip: Trip = {
    request,
    response,
    entry,
    hasBody: hasBody(request),
    timeouts: core.timeouts,
    controller: undefined,
    timer: undefined,
    over: false,
    fail(code) {
      trip.over = true;
      clearTimeout(trip.timer);
      record.code = code;
      if (code === "H12") abandon(trip);
      answerError(response, record);
    },
    cut(code) {
      trip.over = true;
      record.code ??= code;
      record.status = H_CODES[record.code].status;
      response.destroy();
    },
    refused: (backend, code) => search.refused(backend, code),
  };

  response.on("error", ignore);
  response.on("close", () => {
    trip.over = true;
    clearTimeout(trip.timer);
    search.cancel();
    if (!response.writableFinished) trip.cut("H27");
    if (record.code !== "H12") trip.controller?.abort(new Error("The client is gone."));
    entry.leave();
  });

  const search = core.search(entry, (backend) => send(trip, backend), trip.fail);
  if (entry.refusal) trip.fail(entry.refusal);
  else search.next();
}

function hasBody({ headers }: IncomingMessage): boolean {
  return (
    headers["transfer-encoding"] !== undefined ||
    (headers["content-length"] !== undefined && headers["content-length"] !== "0")
  );
}

/** The dyno is not told that nobody waits any more. Still, its answer is not awaited without end. */
function abandon({ controller, timeouts }: Trip) {
  setTimeout(() => controller?.abort(new Error("Nobody waits.")), timeouts.idleMs).unref();
}
