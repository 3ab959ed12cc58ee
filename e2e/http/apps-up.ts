import { MissingProgram } from "@repo/addons";
import { up } from "@repo/dynos";
import type { TestProject } from "vitest/node";
import { builtApps } from "../apps.ts";
import { ownHome } from "../own-home.ts";
import { newVisitor } from "./visitor.ts";

declare module "vitest" {
  interface ProvidedContext {
    apps: { name: string; url: string }[];
    /** Those whose server this machine does not have, and what the error says. */
    leftOut: { name: string; says: string }[];
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
    project.provide("leftOut", []);
    const url = BASE_URL.replace(/\/$/, "");
    // What the app calls itself, so that the tests know its traits.
    const { app } = (await newVisitor(url).get("/api/plain")).json;
    project.provide("apps", [{ name: app, url }]);
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
  const apps: { name: string; url: string }[] = [];
  const leftOut: { name: string; says: string }[] = [];
  for (const [at, app] of (await Promise.allSettled(coming)).entries()) {
    const name = built[at]?.name ?? "";
    if (app.status === "fulfilled") apps.push({ name, url: app.value.httpsUrl });
    else if (app.reason instanceof MissingProgram) leftOut.push({ name, says: app.reason.message });
    else {
      await down();
      throw app.reason;
    }
  }
  project.provide("apps", apps);
  project.provide("leftOut", leftOut);
  return down;
}
