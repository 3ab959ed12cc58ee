import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "@repo/addons/ports";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const children: ChildProcess[] = [];

export type DynoUnderTest = { title: string; path: string; port: number };

/** A bare Node server, and one of the apps if it has been built. */
export async function startDynos(): Promise<DynoUnderTest[]> {
  const plain = await startDyno("a bare Node server", here("plain-dyno.ts"), here("."));
  const slug = here("../../../apps/cookie-app/.next/standalone/apps/cookie-app/");
  if (!existsSync(`${slug}server.js`)) {
    console.log(
      "cookie-app is not built, so it is left out: pnpm turbo run build --filter=cookie-app",
    );
    return [plain];
  }
  return [plain, await startDyno("cookie-app", `${slug}server.js`, slug)];
}

async function startDyno(title: string, script: string, cwd: string): Promise<DynoUnderTest> {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    HOSTNAME: "127.0.0.1",
    NODE_ENV: "production",
    KEEP_ALIVE_TIMEOUT: "95000",
    APP: "cookie-app",
    DYNO: "web.1",
    SESSION_SECRET: "only for the benchmark, and longer than 32 characters",
    AUTH_TRUST_HOST: "true",
  };
  children.push(
    spawn(process.execPath, [script], { cwd, env, stdio: ["ignore", "ignore", "inherit"] }),
  );
  const path = "/api/plain";
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
    if (answer?.ok) return { title, path, port };
    await pause(50);
  }
  throw new Error(`[bench] ${title} does not answer on port ${port}.`);
}

export type Usage = { rssMb: number; heapMb: number; cpuMs: number };

export type RouterProcess = {
  port: number;
  usage(): Promise<Usage>;
  stop(): void;
};

export async function startRouter(dynoPort: number, listener: boolean): Promise<RouterProcess> {
  const child = fork(here("router-process.ts"), [String(dynoPort), listener ? "listener" : ""], {
    execArgv: ["--expose-gc"],
  });
  children.push(child);
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return {
    port,
    async usage() {
      child.send("usage");
      const [usage] = (await once(child, "message")) as [Usage];
      return usage;
    },
    stop: () => void child.kill(),
  };
}

export function stopAll() {
  for (const child of children) child.kill("SIGKILL");
}
