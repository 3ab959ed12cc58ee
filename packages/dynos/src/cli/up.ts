import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { onInterruption } from "@repo/addons/interruption";
import type { App } from "../app.ts";
import { appEvents, type Events, serveEvents } from "../control/events.ts";
import { type LiveView, serveLiveView } from "../live-view/server.ts";
import { isAwaited } from "../log.ts";
import { parseAssignments } from "../release/config.ts";
import { up } from "../up.ts";
import type { UpOptions } from "../up-options.ts";
import { colorLine, say, sayProgress } from "./output.ts";

export interface UpFlags {
  app?: string;
  manifest?: string;
  web?: number;
  port?: number;
  httpsPort?: number;
  affinity?: boolean;
  /** `true` without a number of seconds. */
  preboot?: boolean | number;
  pooler?: boolean;
  env: string[];
  secret?: string;
  detach?: boolean;
}

type FromBackground = { progress: string } | { ready: string } | { error: string };

/** `dynos up`: in the foreground with the log, or in a detached process. */
export async function upCommand(dir: string, flags: UpFlags): Promise<void> {
  const background = process.send !== undefined;
  if (flags.detach && !background) return upDetached();
  // The parent disconnects once the app is up.
  const tell = (message: FromBackground) => process.connected && process.send?.(message);
  const stopping = onInterruption(() => {
    if (!background) sayProgress("Going down. Press Ctrl-C again to stop at once.");
  });
  const options: UpOptions = {
    dir: resolve(dir),
    name: flags.app,
    manifest: flags.manifest,
    web: flags.web,
    port: flags.port,
    httpsPort: flags.httpsPort,
    affinity: flags.affinity,
    preboot: flags.preboot !== undefined,
    ...(typeof flags.preboot === "number"
      ? { timeouts: { prebootMs: flags.preboot * 1_000 } }
      : {}),
    pooler: flags.pooler,
    env: parseAssignments(flags.env),
    secret: flags.secret,
    // In the foreground the log is there to see, and a config var may repair it.
    keepCrashed: !background,
    signal: stopping.signal,
    onProgress: (text) => (background ? tell({ progress: text }) : sayProgress(text)),
    onLog(text, line) {
      if (!background) say(colorLine(text));
      else if (isAwaited(line)) tell({ progress: line.text });
    },
  };
  try {
    const app = await up(options);
    const view = await serveLiveView();
    void app.ended.then(view.close);
    const events = await serveEvents(appEvents(app), app);
    void app.ended.then(events.close);
    const greeting = greet(app, view, events);
    if (background) {
      tell({ ready: greeting });
      process.disconnect?.();
    } else say(greeting);
    await app.ended;
  } catch (error) {
    if (stopping.signal.aborted) process.exitCode = 130;
    else if (!background) throw error;
    else {
      process.exitCode = 1;
      tell({ error: (error as Error).message });
      process.disconnect?.();
    }
  }
}

function greet({ name, url, httpsUrl }: App, view: LiveView, events: Events): string {
  return `
${name} is up
  ${httpsUrl}  the certificate is self-signed: a browser asks once
  ${url}   Secure cookies work here in Chromium and Firefox, not in curl and Safari
Live view of all running apps: ${view.url}
For k6 scripts that restart, scale or deploy it: EVENTS=${events.url}
`;
}

/** Runs the same command in a detached process with a channel to this one; resolves when the app is up. */
function upDetached(): Promise<void> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, ...process.argv.slice(2)], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const stop = () => child.kill("SIGTERM");
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return new Promise((resolve, reject) => {
    child.on("message", (message: FromBackground) => {
      if ("progress" in message) return sayProgress(message.progress);
      if ("error" in message) return reject(new Error(message.error));
      say(message.ready);
      child.disconnect();
      child.unref();
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve();
    });
    child.once("exit", (code) =>
      reject(new Error(`[dynos] The app's process ended with ${code}.`)),
    );
  });
}
