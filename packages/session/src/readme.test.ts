import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sessions } from "./sessions.ts";
import { serverStrategy } from "./store/server-strategy.ts";
import { memoryStore } from "./testing/memory-store.ts";
import { testConfig, testJar } from "./testing/rig.ts";

const root = join(import.meta.dirname, "../../..");

/** The TypeScript examples of a document. */
function examplesOf(document: string): string[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
}

describe("the README's example", () => {
  const [example = ""] = examplesOf("README.md").filter((code) => code.includes("getSession()"));
  const body = stripTypeScriptTypes(`async (getSession) => {${example}}`);
  const play: (getSession: () => Promise<unknown>) => Promise<void> = new Function(
    `return ${body}`,
  )();

  test("loses no visit of several dynos at once", async () => {
    const store = memoryStore();
    const newDyno = () =>
      serverStrategy({ name: "memory", config: testConfig(), store: () => store });
    const { cookie } = await newDyno().create({ visits: 1 });
    const requests = Array.from({ length: 3 }, () => {
      const scope = { jar: testJar(cookie), meter: { roundTrips: 0, milliseconds: 0 } };
      return sessions<{ visits?: number }>(newDyno(), testConfig(), async () => scope);
    });
    // All of them read before one of them writes.
    await Promise.all(requests.map(({ getSession }) => getSession()));
    for (const { getSession } of requests) await play(getSession);
    expect((await newDyno().read(cookie))?.data).toEqual({ visits: 4 });
  });
});

describe("what packages/session/README.md shows of a file", () => {
  const apps = readdirSync(join(root, "apps")).filter((name) => !name.startsWith("."));
  const shown = examplesOf("packages/session/README.md").flatMap((code) => {
    const [, path, text] = /^\/\/ (src\/\S+)\n([\s\S]*)/.exec(code) ?? [];
    return path && text ? [{ path, text }] : [];
  });

  test.each(shown)("stands in every app's $path", ({ path, text }) => {
    for (const app of apps) {
      const file = readFileSync(join(root, "apps", app, path), "utf8");
      expect(file).toContain(text.trimEnd());
    }
  });
});
