import { request as askDyno, type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connectFailure, connectTo } from "./backends.ts";
import type { Failure, HCode } from "./codes.ts";
import { answerError } from "./error-page.ts";
import { responseHead } from "./headers.ts";
import { recordFailure } from "./record.ts";
import type { Backend, RequestRecord, RouterCore } from "./types.ts";

/**
 * Takes a request for another protocol, WebSocket for one, through the router: once the dyno agrees, bytes pass in both
 * directions. https://devcenter.heroku.com/articles/http-routing#websockets
 */
export function proxyUpgrade(
  core: RouterCore,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  secure: boolean,
) {
  const { timeouts } = core;
  const admission = core.admit(request, secure);
  const { record } = admission;
  // For every answer but 101.
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(client as Socket);
  response.on("finish", () => client.end());
  let dynoSocket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;

  // Only a connection that is read reports that it was closed; what the client sends early is for the dyno.
  const early = [head];
  const keepEarly = (chunk: Buffer) => void early.push(chunk);
  const leave = () => void client.destroy();
  client.on("data", keepEarly).on("end", leave);
  client.on("error", () => {});
  client.on("close", () => {
    clearTimeout(timer);
    search.cancel();
    dynoSocket?.destroy();
    if (record.status === 0) recordFailure(record, "H27");
    admission.leave();
  });

  const search = core.search(admission, connectDyno, fail);
  if (admission.refusal) fail(admission.refusal);
  else search.next();

  function connectDyno(backend: Backend) {
    const startedAt = performance.now();
    record.dyno = backend.name;
    dynoSocket = connectTo(backend.port, timeouts.connectMs, (error, socket) => {
      record.connectMs = performance.now() - startedAt;
      if (client.destroyed) return void socket?.destroy();
      if (error) return search.refused(backend, connectFailure(error));
      record.connectedAt = performance.now();
      send(backend, socket);
    });
  }

  function send(backend: Backend, socket: Socket) {
    const { method, path } = record;
    const protocol = ["Connection", "Upgrade", "Upgrade", request.headers.upgrade ?? ""];
    // Node takes raw headers here, as it gives them, though its types do not say so.
    const headers = [...admission.headers, ...protocol] as never;
    timer = setTimeout(fail, timeouts.firstByteMs, "H12");
    askDyno({ createConnection: () => socket, method, path, setHost: false, headers })
      .on("upgrade", (answer, _socket, dynoHead) => {
        clearTimeout(timer);
        record.status = 101;
        response.detachSocket(client as Socket);
        client.off("data", keepEarly).off("end", leave);
        client.write(
          switching(answer, responseHead(answer.rawHeaders, admission, backend).headers),
          "latin1",
        );
        timer = join({
          client,
          early: Buffer.concat(early),
          dyno: socket,
          dynoEarly: dynoHead,
          idleMs: timeouts.idleMs,
          record,
          onIdle: () => cut("H15"),
        });
      })
      .on("response", (answer) => passOn(backend, answer))
      .on("error", () => {
        clearTimeout(timer);
        if (client.destroyed || record.status !== 0) return;
        fail("H13");
      })
      .end();
  }

  /** The dyno does not switch: its response is ordinary HTTP. */
  function passOn(backend: Backend, answer: IncomingMessage) {
    clearTimeout(timer);
    record.status = answer.statusCode ?? 0;
    const { headers } = responseHead(answer.rawHeaders, admission, backend);
    response.writeHead(record.status, answer.statusMessage ?? "", headers);
    answer.on("error", () => cut("H18"));
    answer.on("data", (chunk: Buffer) => {
      record.bytes += chunk.length;
    });
    answer.pipe(response);
  }

  function cut(code: HCode) {
    recordFailure(record, code);
    client.destroy();
  }

  function fail(failure: Failure) {
    clearTimeout(timer);
    answerError(response, record, failure);
  }
}

function switching(answer: IncomingMessage, headers: string[]): string {
  const lines = [`HTTP/1.1 101 ${answer.statusMessage}`, "Connection: Upgrade"];
  lines.push(`Upgrade: ${answer.headers.upgrade ?? ""}`);
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

interface Tunnel {
  client: Duplex;
  /** What each side sent before the other one was connected. */
  early: Buffer;
  dyno: Duplex;
  dynoEarly: Buffer;
  idleMs: number;
  record: RequestRecord;
  /** Called when neither side sends anything for `idleMs`. */
  onIdle(): void;
}

/** Joins an upgraded connection with the dyno's, in both directions. Returns its timer, which the caller stops. */
function join(tunnel: Tunnel): NodeJS.Timeout {
  const { client, early, dyno, dynoEarly, record } = tunnel;
  const timer = setTimeout(tunnel.onIdle, tunnel.idleMs);
  if (early.length > 0) dyno.write(early);
  if (dynoEarly.length > 0) dyno.unshift(dynoEarly);
  client.on("data", () => timer.refresh());
  dyno.on("data", (chunk: Buffer) => {
    timer.refresh();
    record.bytes += chunk.length;
  });
  dyno.on("error", () => {});
  dyno.on("close", () => client.destroy());
  client.pipe(dyno);
  dyno.pipe(client);
  return timer;
}
