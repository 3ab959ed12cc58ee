import { request as httpRequest, type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { affinityCookie } from "./router-affinity.ts";
import { answerError } from "./router-answer.ts";
import type { Backend } from "./router-backends.ts";
import type { HCode } from "./router-codes.ts";
import { H_CODES } from "./router-codes.ts";
import type { RouterCore } from "./router-core.ts";
import { responseHead } from "./router-response-headers.ts";

const noop = () => {};

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
  /** For every answer but 101, which is ordinary HTTP. */
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(client as Socket);
  response.on("finish", () => client.end());
  let dyno: ReturnType<typeof httpRequest> | undefined;
  let dynoSocket: Duplex | undefined;
  let timer: NodeJS.Timeout | undefined;

  client.on("error", noop);
  client.on("close", () => {
    clearTimeout(timer);
    search.cancel();
    dyno?.destroy();
    dynoSocket?.destroy();
    if (record.status === 0) note("H27");
    entry.leave();
  });

  const search = core.search(entry, send, fail);
  if (entry.refusal) fail(entry.refusal);
  else search.next();

  function send(backend: Backend) {
    const startedAt = performance.now();
    let connected = false;
    record.dyno = backend.name;
    const asked = httpRequest({
      host: "127.0.0.1",
      port: backend.port,
      agent: false,
      method: record.method,
      path: record.path,
      setHost: false,
      headers: [
        ...entry.headers,
        "Connection",
        "Upgrade",
        "Upgrade",
        request.headers.upgrade ?? "",
      ] as never,
    });
    dyno = asked;
    timer = setTimeout(() => asked.destroy(timeout()), timeouts.connectMs);
    asked.on("socket", (socket) => {
      socket.once("connect", () => {
        connected = true;
        record.connectedAt = performance.now();
        record.connectMs = record.connectedAt - startedAt;
        clearTimeout(timer);
        timer = setTimeout(fail, timeouts.firstByteMs, "H12");
      });
    });
    asked.on("upgrade", (answer, socket, dynoHead) => join(backend, answer, socket, dynoHead));
    asked.on("response", (answer) => decline(backend, answer));
    asked.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (client.destroyed || record.status !== 0) return;
      if (connected) return fail("H13");
      search.refused(backend, error.code === "ETIMEDOUT" ? "H19" : "H21");
    });
    asked.end();
  }

  function join(backend: Backend, answer: IncomingMessage, socket: Duplex, dynoHead: Buffer) {
    clearTimeout(timer);
    dynoSocket = socket;
    record.status = 101;
    response.detachSocket(client as Socket);
    client.write(switching(answer, headersFor(backend, answer)), "latin1");
    timer = setTimeout(() => {
      note("H15");
      client.destroy();
    }, timeouts.idleMs);
    socket.on("error", noop);
    socket.on("close", () => client.destroy());
    socket.on("data", (chunk: Buffer) => {
      record.bytes += chunk.length;
      timer?.refresh();
    });
    client.on("data", () => timer?.refresh());
    if (dynoHead.length > 0) socket.unshift(dynoHead);
    if (head.length > 0) client.unshift(head);
    socket.pipe(client);
    client.pipe(socket);
  }

  /** The dyno answers, but not with another protocol. */
  function decline(backend: Backend, answer: IncomingMessage) {
    clearTimeout(timer);
    record.status = answer.statusCode ?? 0;
    response.writeHead(record.status, answer.statusMessage ?? "", headersFor(backend, answer));
    answer.on("data", (chunk: Buffer) => {
      record.bytes += chunk.length;
    });
    answer.on("error", () => {
      note("H18");
      client.destroy();
    });
    answer.pipe(response);
  }

  function headersFor(backend: Backend, answer: IncomingMessage): string[] {
    const { headers, session } = responseHead(answer.rawHeaders);
    record.session = session;
    if (entry.affinity && entry.token !== backend.token) {
      headers.push("Set-Cookie", affinityCookie(backend, secure));
    }
    return headers;
  }

  function note(code: HCode) {
    record.code = code;
    record.status = H_CODES[code].status;
  }

  function fail(code: HCode) {
    clearTimeout(timer);
    record.code = code;
    answerError(response, record);
    dyno?.destroy();
  }
}

function switching(answer: IncomingMessage, headers: string[]): string {
  const lines = [`HTTP/1.1 101 ${answer.statusMessage}`, "Connection: Upgrade"];
  lines.push(`Upgrade: ${answer.headers.upgrade ?? ""}`);
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function timeout(): NodeJS.ErrnoException {
  return Object.assign(new Error("The dyno does not take the connection."), { code: "ETIMEDOUT" });
}
