import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { ServerUser } from "./folder.ts";
import {
  endGroup,
  type GroupOptions,
  type ProcessRecord,
  startGroup,
} from "./machine/processes.ts";
import { bareEnv } from "./machine/programs.ts";

export interface ServerProcess {
  lives(): boolean;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** For messages: "Postgres" */
  title: string;
  program: string;
  args: string[];
  cwd: string;
  env?: Record<string, string>;
  user: ServerUser;
  /** Written to standard input: a configuration that `ps` does not show. */
  input?: string;
  port: number;
  /** Part of the line that it prints when it is ready. Default: it is ready when its port takes connections. */
  readyLine?: string;
  stopSignal: NodeJS.Signals;
  endSignal?: NodeJS.Signals;
  record?: ProcessRecord | undefined;
}

const READY_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 10_000;

/**
 * Starts a server. Resolves when it answers.
 * @throws with its last lines, when it ends or does not answer within 20 s
 */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { title, program, port, readyLine, record } = options;
  const groupOptions: GroupOptions = {
    cwd: options.cwd,
    env: bareEnv(options.env),
    ...options.user,
    record,
    ...(options.endSignal && { endSignal: options.endSignal }),
  };
  const child = startGroup(program, options.args, groupOptions);
  const lastLines: string[] = [];
  let ready = false;
  let ended: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (line) => {
      if (readyLine && line.includes(readyLine)) ready = true;
      if (lastLines.push(line) > 15) lastLines.shift();
    });
  }
  child.once("error", (error) => {
    ended = error.message;
  });
  child.once("exit", (code, signal) => {
    ended = `it ended with ${signal ?? code}`;
  });
  child.stdin?.end(options.input ?? "");

  const stop = async () => {
    if (child.pid) await endGroup(child.pid, options.stopSignal, STOP_WITHIN_MS, record);
  };
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!ready) {
    if (ended !== undefined || performance.now() > deadline) {
      await stop();
      const why = ended ?? `it did not answer within ${READY_WITHIN_MS / 1000} s`;
      throw new Error(`[addons] ${title} does not start: ${why}.\n${lastLines.join("\n")}`.trim());
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
    if (!readyLine && (await answers(port))) ready = true;
  }
  return { lives: () => ended === undefined, stop };
}

/** Whether something accepts connections on this port. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const done = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
    socket.setTimeout(1_000, () => done(false));
  });
}
