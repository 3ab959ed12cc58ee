import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { App } from "../src/app.ts";
import { up } from "../src/up.ts";
import type { UpOptions } from "../src/up-options.ts";

/** A folder of the fixtures to read, not to write into. */
export function fixture(name: string): string {
  return join(import.meta.dirname, "../fixtures", name);
}

/** A folder with these files, on top of a copy of a fixture; gone after the test. */
export function makeFolder(files: Record<string, string>, base?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "dynos-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  if (base) cpSync(fixture(base), folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

export interface TestApp extends App {
  readonly progress: readonly string[];
  get(path: string): Promise<Response>;
  /** The answer of a route as JSON. */
  ask(path: string): Promise<never>;
}

const SHORT = { bootMs: 10_000, stopMs: 2_000, crashBackoffMs: [50], steadyMs: 60_000 };

/** An app that is up until the end of the test. */
export async function upForTest(options: UpOptions): Promise<TestApp> {
  const progress: string[] = [];
  const app = await up({
    ...options,
    timeouts: { ...SHORT, ...options.timeouts },
    onProgress: (text) => progress.push(text),
  });
  onTestFinished(() => app.down());
  const get = (path: string) => fetch(`${app.url}${path}`);
  return { ...app, progress, get, ask: async (path) => (await get(path)).json() as Promise<never> };
}

/** Asks again and again until the answer is true. */
export async function until(what: () => boolean | Promise<boolean>, withinMs = 40_000) {
  const deadline = performance.now() + withinMs;
  while (!(await what())) {
    if (performance.now() > deadline) throw new Error(`Not so within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
