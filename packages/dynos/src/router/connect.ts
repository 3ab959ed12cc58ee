import { connect, type Socket } from "node:net";

/** A connection to a port of this machine, or an error with the code `ETIMEDOUT` after that time: to the millisecond. */
export function connectTo(
  port: number,
  timeoutMs: number,
  done: (...result: [error: Error, socket: null] | [error: null, socket: Socket]) => void,
) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const timer = setTimeout(() => {
    const message = `Port ${port} does not take a connection within ${timeoutMs} ms.`;
    socket.destroy(Object.assign(new Error(message), { code: "ETIMEDOUT" }));
  }, timeoutMs);
  const failed = (error: Error) => {
    clearTimeout(timer);
    done(error, null);
  };
  socket.once("error", failed);
  socket.once("connect", () => {
    clearTimeout(timer);
    socket.off("error", failed);
    done(null, socket);
  });
  return socket;
}
