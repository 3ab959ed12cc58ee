import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

test("takes what MemCachier, Memcached Cloud and Heroku Key-Value Store set", () => {
  const login = { username: "ada", password: "secret" };
  for (const addon of ["MEMCACHIER", "MEMCACHEDCLOUD"]) {
    const env = { [`${addon}_USERNAME`]: "ada", [`${addon}_PASSWORD`]: "secret" };
    for (const servers of ["mc1.example:11211", "mc1.example:11211, mc2.example", "localhost"])
      expect(readSettings({ ...env, [`${addon}_SERVERS`]: servers })).toEqual({
        memcached: { servers, ...login },
      });
  }
  const url = "rediss://:secret@kv.example:6379";
  const found = readSettings({ REDIS_URL: url, REDIS_TLS: "no-verify" });
  expect(found).toEqual({ redis: { url, verifyCertificate: false } });
  expect(readSettings({ REDIS_URL: url })).toEqual({ redis: { url, verifyCertificate: true } });
});

test.each<[env: Record<string, string>, message: RegExp]>([
  [{}, /Missing config var `MEMCACHIER_SERVERS` or `REDIS_URL`/],
  [{ MEMCACHIER_SERVERS: "memcached://mc1.example" }, /`MEMCACHIER_SERVERS` is.*`host:port`/],
  [{ MEMCACHEDCLOUD_SERVERS: "mc1.example:x" }, /`MEMCACHEDCLOUD_SERVERS` is.*`host:port`/],
  [{ REDIS_URL: "nonsense" }, /`REDIS_URL` is not a URL of Redis/],
  [{ REDIS_URL: "redis://kv.example", REDIS_TLS: "noverify" }, /`REDIS_TLS` is "noverify"/],
])("%j is an error that names the config var", (env, message) => {
  expect(() => readSettings(env)).toThrow(message);
});
