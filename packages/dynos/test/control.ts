import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { serveControl } from "../src/control/server.ts";
import { createProgress } from "../src/log.ts";
import { makeFolder } from "./app.ts";

type Parts = Omit<Parameters<typeof serveControl>[1], "progress">;

/** What `logs --tail` and the live view ask of an app, until the end of the test; nothing is read of the answer yet. */
export async function streamForTest(path: "/tail" | "/watch", parameters: object[], parts: Parts) {
  const socketPath = join(makeFolder({}), "socket");
  const control = await serveControl(socketPath, { ...parts, progress: createProgress() });
  onTestFinished(control.close);
  const call = request({ socketPath, method: "POST", path, agent: false });
  call.on("error", () => {}).end(JSON.stringify(parameters));
  const [response] = (await once(call, "response")) as [IncomingMessage];
  response.on("error", () => {});
  return { call, response };
}
