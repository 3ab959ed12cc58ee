import { up } from "@repo/dynos";
import type { TestProject } from "vitest/node";
import { builtApps } from "../apps.ts";
import { ownHome } from "../own-home.ts";

declare module "vitest" {
  interface ProvidedContext {
    apps: { name: string; url: string }[];
    /** False for BASE_URL: then no process or store is in our hands. (Vitest overwrites BASE_URL in tests.) */
    areOurs: boolean;
  }
}

/**
 * Brings up one dyno of each app for the whole run, over https, as a browser needs it for `__Host-session`.
 * With BASE_URL nothing is started: then that app is asked, wherever it runs.
 */
export default async function appsUp(project: TestProject) {
  const { BASE_URL } = process.env;
  project.provide("areOurs", !BASE_URL);
  if (BASE_URL) {
    project.provide("apps", [{ name: BASE_URL, url: BASE_URL.replace(/\/$/, "") }]);
    return;
  }
  const built = builtApps();
  const removeHome = ownHome();
  const coming = built.map(({ dir, manifest, name }) =>
    up({ dir, manifest, name: `http-${name.replace(":", "-")}-${process.pid}`, web: 1 }),
  );
  const down = async () => {
    for (const app of await Promise.allSettled(coming))
      if (app.status === "fulfilled") await app.value.down();
    removeHome();
  };
  try {
    const apps = await Promise.all(coming);
    const named = apps.map(({ httpsUrl }, at) => ({ name: built[at]?.name ?? "", url: httpsUrl }));
    project.provide("apps", named);
  } catch (error) {
    await down();
    throw error;
  }
  return down;
}
