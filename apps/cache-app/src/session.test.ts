import { type Addon, startMemcached, startRedis } from "@repo/addons";
import { type SessionStore, serverStrategy } from "@repo/session/strategy";
import { describeStrategy } from "@repo/session/testing";
import pkg from "../package.json" with { type: "json" };
import { cacheStore } from "./session.ts";

describeCache("memcached", () => startMemcached({ sasl: false }));
describeCache("memcached with SASL", () => startMemcached({ sasl: true }));
describeCache("Redis with TLS", () => startRedis({ tls: true }), { REDIS_TLS: "no-verify" });

function describeCache(name: string, startAddon: () => Promise<Addon>, vars = {}): void {
  describeStrategy(`cache (${name})`, pkg.strategy.traits, async () => {
    const addon = await startAddon();
    const env = { ...addon.vars, ...vars };
    const stores = new Map<string, SessionStore>();
    const storeOf = (dyno: string) => {
      const known = stores.get(dyno) ?? cacheStore(env);
      stores.set(dyno, known);
      return known;
    };
    const broken = () =>
      cacheStore(
        "REDIS_URL" in env
          ? { REDIS_URL: "redis://127.0.0.1:1" }
          : { MEMCACHIER_SERVERS: "127.0.0.1:1" },
      );
    return {
      start: (dyno, config) =>
        serverStrategy({ name: "cache", store: () => storeOf(dyno), config }),
      startBroken: (config) => serverStrategy({ name: "cache", store: broken, config }),
      restartStore: () => addon.restart(),
      async peek(dyno, key) {
        const stored = await storeOf(dyno).read(key);
        return stored && JSON.stringify(stored);
      },
      async close() {
        for (const store of stores.values()) await store.close();
        await addon.remove();
      },
    };
  });
}
