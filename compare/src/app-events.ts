import { randomBytes } from "node:crypto";
import type { App } from "@repo/dynos";
import type { EventHandlers } from "./events.ts";

/** The events of the scripts in `load/`, done to an app on local dynos. */
export function appEvents(app: App): EventHandlers {
  const store = () => {
    const [first] = app.addons();
    if (!first) throw new Error(`${app.name} has no add-on`);
    return first.name;
  };
  return {
    restart: () => app.restart(),
    "scale-1": () => app.scale({ web: 1 }),
    "scale-2": () => app.scale({ web: 2 }),
    "scale-4": () => app.scale({ web: 4 }),
    deploy: () => app.deploy(),
    rollback: () => app.rollback(),
    // Two steps, so that dynos of both releases understand each other's cookies while they overlap.
    "rotate-accept": () =>
      app.configSet({ SESSION_SECRET_PREVIOUS: randomBytes(32).toString("hex") }),
    "rotate-use": async () => {
      const { SESSION_SECRET, SESSION_SECRET_PREVIOUS } = await app.config();
      if (!SESSION_SECRET || !SESSION_SECRET_PREVIOUS) throw new Error("nothing to rotate to");
      await app.configSet({
        SESSION_SECRET: SESSION_SECRET_PREVIOUS,
        SESSION_SECRET_PREVIOUS: SESSION_SECRET,
      });
    },
    "store-restart": async () => app.addonRestart(store()),
    "store-stop": async () => app.addonStop(store()),
    "store-start": async () => app.addonStart(store()),
  };
}
