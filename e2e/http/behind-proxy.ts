import { planAddons } from "@repo/addons";
import { type App, up } from "@repo/dynos";
import type { BuiltApp } from "../apps.ts";
import { type StoreProxy, storeProxy } from "./store-proxy.ts";

const ADDRESS = /(?:127\.0\.0\.1|localhost):(\d+)/;

export interface AppBehindProxy {
  app: App;
  /** Stands between the app and its store. */
  proxy: StoreProxy;
  down(): Promise<void>;
}

/** One dyno of the app on a store that a test can cut off or freeze. `purpose` tells runs of an app apart. */
export async function upBehindProxy(built: BuiltApp, purpose: string): Promise<AppBehindProxy> {
  const { dir, manifest, name, addons } = built;
  const store = await planAddons(addons, {})[0]?.start({});
  if (!store) throw new Error(`[e2e] ${name} has no add-on.`);
  const port = Number(Object.values(store.vars).join().match(ADDRESS)?.[1]);
  const proxy = await storeProxy({ host: "127.0.0.1", port });
  const env = Object.fromEntries(
    Object.entries(store.vars).map(([key, value]) => [
      key,
      value.replace(ADDRESS, `127.0.0.1:${proxy.port}`),
    ]),
  );
  const runName = `${purpose}-${name.replace(":", "-")}-${process.pid}`;
  const app = await up({ dir, manifest, env, web: 1, name: runName });
  const down = async () => {
    await app.down();
    await proxy.close();
    await store.remove();
  };
  return { app, proxy, down };
}
