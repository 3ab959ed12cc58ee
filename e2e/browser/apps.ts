import { test as base } from "@playwright/test";
import { type App, up } from "@repo/dynos";
import { type BuiltApp, builtApps } from "../apps.ts";
import { ownHome } from "../own-home.ts";

interface Apps {
  ownHome: undefined;
  /** On three dynos, with its sessions in Postgres. */
  db: App;
  /** On three dynos, each with its own sessions. */
  file: App;
}

/** Apps on a local router, brought up by the first test that asks for them and shared by all. */
export const test = base.extend<object, Apps>({
  ownHome: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from it
    async ({}, use) => {
      const remove = ownHome();
      await use(undefined);
      remove();
    },
    { scope: "worker", auto: true },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  db: [async ({}, use) => runWith(named("db-app"), use), { scope: "worker", timeout: 60_000 }],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  file: [async ({}, use) => runWith(named("file-app"), use), { scope: "worker", timeout: 60_000 }],
});

export { expect } from "@playwright/test";

function named(name: string): BuiltApp {
  const app = builtApps().find((each) => each.name === name);
  if (!app) throw new Error(`[e2e] There is no app \`${name}\`.`);
  return app;
}

async function runWith({ dir, manifest, name }: BuiltApp, use: (app: App) => Promise<void>) {
  const app = await up({ dir, manifest, name: `browser-${name}-${process.pid}`, web: 3 });
  await use(app);
  await app.down();
}
