import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { planAddons, startAddons } from "@repo/addons";
import { freePort } from "@repo/addons/ports";
import { readManifest } from "@repo/dynos/manifest";
import type { Question } from "./cpu-probe.ts";
import type { Variant } from "./variants.ts";

export interface Server {
  readonly url: string;
  /** CPU time that the app's process has used so far, on all its threads. */
  cpuMicroseconds(): Promise<number>;
  /** Begins to sample where the process spends its time. The function that it returns ends that, and writes `file`. */
  startProfile(): Promise<(file: string) => Promise<void>>;
  stop(): Promise<void>;
}

/** One production process of the app, with its add-ons on real servers and neither a router nor a relay before them. */
export async function startServer({ app, manifest, slug }: Variant): Promise<Server> {
  const { addons: requests, env: declared } = readManifest(manifest);
  const values = Object.entries(declared).flatMap(([key, { value }]) =>
    value ? [[key, value]] : [],
  );
  const addons = await startAddons(planAddons(requests, {}, { direct: true }), {}, () => {});
  const removeAddons = () => Promise.all(addons.map((addon) => addon.remove()));
  try {
    const script = findServer(slug);
    const release = join(dirname(script), "release.mjs");
    const env = {
      ...Object.fromEntries(values),
      ...Object.assign({}, ...addons.map(({ vars }) => vars)),
      APP: app,
    };
    const program = { script, release: existsSync(release) ? release : undefined, env };
    const server = await startProgram(program);
    return {
      ...server,
      async stop() {
        await server.stop();
        await removeAddons();
      },
    };
  } catch (error) {
    await removeAddons();
    throw error;
  }
}

/** Next's `server.js` in a self-contained folder. */
export function findServer(slug: string): string {
  const [script] = globSync(join(slug, "**/server.js"), { exclude: ["**/node_modules/**"] });
  if (!script) throw new Error(`[bench] No server.js in ${slug}. Run \`pnpm build\`.`);
  return script;
}

interface Program {
  script: string;
  /** Run to its end before. */
  release?: string | undefined;
  env: Readonly<Record<string, string>>;
}

/** One process of a Node.js app, as a web dyno of a release, on a free port. Resolves when it answers. */
export async function startProgram({ script, release, env: own }: Program): Promise<Server> {
  const disk = mkdtempSync(join(tmpdir(), "bench-"));
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    DYNO: "web.1",
    NODE_ENV: "production",
    SESSION_SECRET: "only for the benchmark, and longer than 32 characters",
    SESSION_DIR: join(disk, "sessions"),
    HOSTNAME: "127.0.0.1",
    PORT: String(port),
    KEEP_ALIVE_TIMEOUT: "95000",
    ...own,
  };
  let child: ChildProcess | undefined;
  // What ends this process early ends the app too; its add-ons go the same way by themselves.
  const atExit = () => {
    child?.kill("SIGKILL");
    rmSync(disk, { recursive: true, force: true });
  };
  process.once("exit", atExit);
  async function stop() {
    process.off("exit", atExit);
    if (child?.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(disk, { recursive: true });
  }
  try {
    if (release) await promisify(execFile)(process.execPath, [release], { env });
    const probe = new URL("cpu-probe.ts", import.meta.url).href;
    child = spawn(process.execPath, ["--import", probe, script], {
      cwd: dirname(script),
      env,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const url = `http://127.0.0.1:${port}`;
    await untilReady(`${url}/api/plain`);
    const app = child;
    return {
      url,
      stop,
      async cpuMicroseconds() {
        const { user, system } = await ask<NodeJS.CpuUsage>(app, { ask: "cpu" });
        return user + system;
      },
      async startProfile() {
        await ask(app, { ask: "profile" });
        return (file) => ask(app, { ask: "end-profile", file });
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ask<T>(child: ChildProcess, question: Question): Promise<T> {
  child.send(question);
  const [answer] = await once(child, "message");
  return answer as T;
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await pause(50);
  }
  throw new Error(`[bench] ${url} does not answer.`);
}
