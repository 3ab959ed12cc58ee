import { fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type WatchedApp = Awaited<ReturnType<typeof startWatchedApp>>;

/** The cheapest dyno behind everything that `dynos up` starts, and a page that can be opened and left. */
export async function startWatchedApp() {
  const home = mkdtempSync(join(tmpdir(), "dynos-bench-"));
  const dir = join(home, "app");
  cpSync(join(import.meta.dirname, "plain-dyno.ts"), join(dir, "plain-dyno.ts"));
  writeFileSync(join(dir, "Procfile"), "web: node plain-dyno.ts\n");
  const env = { ...process.env, DYNOS_HOME: join(home, "state") };
  const child = fork(join(import.meta.dirname, "watched-process.ts"), [dir], { env });
  const [{ url, viewUrl }] = (await once(child, "message")) as [{ url: string; viewUrl: string }];

  return {
    url: `${url}/api/plain`,
    /** Follows the events as a browser does. Resolves when they come; answers how many bytes of them came. */
    async openPage(): Promise<() => number> {
      let bytes = 0;
      const page = get(new URL("events", viewUrl), { agent: false });
      const [events] = await once(page, "response");
      events
        .on("error", () => {})
        .on("data", (chunk: Buffer) => {
          bytes += chunk.length;
        });
      await once(events, "data");
      return () => {
        page.destroy();
        return bytes;
      };
    },
    /** What the process of router and live view has used since it started. */
    async cpuMs(): Promise<number> {
      child.send("cpu");
      const [{ cpuMs }] = (await once(child, "message")) as [{ cpuMs: number }];
      return cpuMs;
    },
    async stop(): Promise<void> {
      child.disconnect();
      await once(child, "exit");
      rmSync(home, { recursive: true, force: true });
    },
  };
}
