import { request as ask, type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { RouterCore } from "./admission.ts";
import { answerError } from "./answer.ts";
import type { Backend } from "./backends.ts";
import { H_CODES, type HCode } from "./codes.ts";
import { connectTo } from "./connect.ts";
import { connectFailure } from "./failures.ts";
import { responseHead } from "./response-headers.ts";
import { join } from "./tunnel.ts";

/** A request that asks for another protocol (WebSocket): once the dyno agrees, bytes go both ways as they come. */
export function upgrade(
  core: RouterCore,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  secure: boolean,
) {
  const { timeouts } = core;
  const entry = core.enter(request, secure);
  const { record } = entry;
  // For every answer but 101, which is ordinary HTTP.
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(client as Socket);
  response.on("finish", () => client.end());
  let dynoSocket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;

  // Only a connection that is read tells that it was closed; what comes early is for the dyno.
  const early = [head];
  const keep = (chunk: Buffer) => void early.push(chunk);
  const leave = () => void client.destroy();
  client.on("data", keep).on("end", leave);
  client.on("error", () => {});
  client.on("close", () => {
    clearTimeout(timer);
    search.cancel();
    dynoSocket?.destroy();
    if (record.status === 0) note("H27");
    entry.leave();
  });

  const search = core.search(entry, send, fail);
  if (entry.refusal) fail(entry.refusal);
  else search.next();

  function send(backend: Backend) {
    const startedAt = performance.now();
    record.dyno = backend.name;
    dynoSocket = connectTo(backend.port, timeouts.connectMs, (error, socket) => {
      record.connectMs = performance.now() - startedAt;
      if (client.destroyed) return void socket?.destroy();
      if (error) return search.refused(backend, connectFailure(error));
      record.connectedAt = performance.now();
      askDyno(backend, socket);
    });
  }

  function askDyno(backend: Backend, socket: Socket) {
    const { method, path } = record;
    const protocol = ["Connection", "Upgrade", "Upgrade", request.headers.upgrade ?? ""];
    // Node takes raw headers here, as it gives them, though its types do not say so.
    const headers = [...entry.headers, ...protocol] as never;
    timer = setTimeout(fail, timeouts.firstByteMs, "H12");
    ask({ createConnection: () => socket, method, path, setHost: false, headers })
      .on("upgrade", (answer, _socket, dynoHead) => {
        clearTimeout(timer);
        record.status = 101;
        response.detachSocket(client as Socket);
        client.off("data", keep).off("end", leave);
        client.write(
          switching(answer, responseHead(answer.rawHeaders, entry, backend).headers),
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

  /** The dyno answers, but stays with HTTP. */
  function passOn(backend: Backend, answer: IncomingMessage) {
    clearTimeout(timer);
    record.status = answer.statusCode ?? 0;
    const { headers } = responseHead(answer.rawHeaders, entry, backend);
    response.writeHead(record.status, answer.statusMessage ?? "", headers);
    answer.on("error", () => cut("H18"));
    answer.on("data", (chunk: Buffer) => {
      record.bytes += chunk.length;
    });
    answer.pipe(response);
  }

  function note(code: HCode) {
    record.code = code;
    record.status = H_CODES[code].status;
  }

  function cut(code: HCode) {
    note(code);
    client.destroy();
  }

  function fail(code: HCode) {
    clearTimeout(timer);
    note(code);
    answerError(response, record);
  }
}

function switching(answer: IncomingMessage, headers: string[]): string {
  const lines = [`HTTP/1.1 101 ${answer.statusMessage}`, "Connection: Upgrade"];
  lines.push(`Upgrade: ${answer.headers.upgrade ?? ""}`);
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}
