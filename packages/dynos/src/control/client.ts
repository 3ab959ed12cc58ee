import { request } from "node:http";
import { createInterface } from "node:readline";
import { ownerLives, type Run, readRun } from "../run/record.ts";
import { knownApps } from "../run/state-folder.ts";
import type { AppState, CONTROL_STREAMS, ControlMessage, ControlVerb } from "./protocol.ts";

export interface CallOptions {
  onProgress?(text: string): void;
  onLine?(text: string): void;
  onWatch?(state: AppState): void;
  /** Hangs up. */
  signal?: AbortSignal;
}

/** The names of the apps that are up on this machine, for this user. */
export function runningApps(): string[] {
  return knownApps().filter((app) => {
    const run = readRun(app);
    return run?.socket !== undefined && ownerLives(run);
  });
}

/**
 * The named app, or the only one that is up.
 * @throws when it is not up, or none or several are
 */
export function chooseApp(asked?: string): { app: string; run: Run } {
  const running = runningApps();
  const app = asked ?? (running.length === 1 ? running[0] : undefined);
  const run = app && running.includes(app) ? readRun(app) : undefined;
  if (app && run) return { app, run };
  const up = running.length > 0 ? `Up are: ${running.join(", ")}.` : "Start one: `dynos up DIR`.";
  if (asked) throw new Error(`[dynos] \`${asked}\` is not up. ${up}`);
  if (running.length === 0) throw new Error(`[dynos] No app is up. ${up}`);
  throw new Error(`[dynos] Several apps are up. Choose one with \`-a\`: ${running.join(", ")}.`);
}

/**
 * Calls a verb of a running app.
 * @param asked the app's name; may be left out when only one is up
 * @returns the verb's result, when its effect is complete
 * @throws what the verb throws, as an `Error` with its message, or when the app goes down meanwhile
 */
export async function callApp(
  asked: string | undefined,
  verb: ControlVerb | (typeof CONTROL_STREAMS)[number],
  parameters: unknown[] = [],
  { onProgress, onLine, onWatch, signal }: CallOptions = {},
): Promise<unknown> {
  const { app, run } = chooseApp(asked);
  return new Promise((resolve, reject) => {
    const options = { socketPath: run.socket ?? "", method: "POST", path: `/${verb}`, signal };
    const call = request(options, (response) => {
      let answer: ControlMessage | undefined;
      createInterface({ input: response })
        .on("line", (line) => {
          const message = parse(line);
          if ("progress" in message) onProgress?.(message.progress);
          else if ("line" in message) onLine?.(message.line);
          else if ("watch" in message) onWatch?.(message.watch);
          else answer = message;
        })
        // The app went down, or we hung up; the response's `close` follows.
        .on("error", () => {});
      response.once("close", () => {
        if (answer && "error" in answer) reject(new Error(answer.error));
        else if (answer && "result" in answer) resolve(answer.result);
        else if (verb === "tail" || verb === "watch") resolve(undefined);
        else reject(new Error(`[dynos] \`${app}\` went down before it could answer.`));
      });
    });
    call.once("error", (cause) =>
      reject(new Error(`[dynos] \`${app}\` does not answer: ${cause.message}`)),
    );
    // JSON has no undefined: arguments left out at the end stay left out.
    call.end(JSON.stringify(parameters.filter((each) => each !== undefined)));
  });
}

function parse(line: string): ControlMessage {
  try {
    return JSON.parse(line);
  } catch {
    return { error: "[dynos] The app went down while it answered." };
  }
}
