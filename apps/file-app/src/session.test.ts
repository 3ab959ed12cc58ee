import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SessionStore, serverStrategy } from "@repo/session/strategy";
import { describeStrategy } from "@repo/session/testing";
import createFileStore from "session-file-store";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import pkg from "../package.json" with { type: "json" };
import { fileStore } from "./session.ts";

const HOUR_MS = 3_600_000;

let parent: string;
let folder: string;
let store: SessionStore;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "file-app-"));
  folder = join(parent, "sessions");
  store = fileStore({ SESSION_DIR: folder });
});

afterEach(async () => {
  await store.close();
  await rm(parent, { recursive: true });
});

let keys = 0;
/** The shape of a key: SHA-256 in hex. */
const newKey = () => String(++keys).padStart(64, "0");
const inOneHour = (sealed = "abc") => ({ sealed, expiresAt: Date.now() + HOUR_MS });

describeStrategy("file", pkg.strategy.traits, async () => {
  const disks = await mkdtemp(join(tmpdir(), "file-app-disks-"));
  const stores = new Map<string, SessionStore>();
  const storeOf = (dyno: string) => {
    const known = stores.get(dyno) ?? fileStore({ SESSION_DIR: join(disks, dyno) });
    stores.set(dyno, known);
    return known;
  };
  const notAFolder = join(disks, "broken");
  const broken = fileStore({ SESSION_DIR: notAFolder });
  await rm(notAFolder, { recursive: true });
  await writeFile(notAFolder, "");
  return {
    start: (dyno, config) => serverStrategy({ name: "file", store: () => storeOf(dyno), config }),
    startBroken: (config) => serverStrategy({ name: "file", store: () => broken, config }),
    wipeDisk: (dyno) => rm(join(disks, dyno), { recursive: true }),
    peek: (dyno, key) => readFile(join(disks, dyno, `${key}.json`), "utf8").catch(() => null),
    close: () => rm(disks, { recursive: true }),
  };
});

test("no other user of the machine can read the files", async () => {
  const key = newKey();
  const version = await store.create(key, inOneHour());
  const mode = async (path: string) => (await stat(path)).mode & 0o777;
  expect(await mode(folder)).toBe(0o700);
  expect(await mode(join(folder, `${key}.json`))).toBe(0o600);
  await store.update(key, inOneHour(), version);
  await store.touch(key, Date.now() + 2 * HOUR_MS);
  expect(await mode(join(folder, `${key}.json`))).toBe(0o600);
});

test("nothing is left beside the sessions' own files", async () => {
  const key = newKey();
  const version = await store.create(key, inOneHour());
  await expect(store.create(key, inOneHour("other"))).rejects.toThrow("EEXIST");
  await store.update(key, inOneHour("new"), version);
  expect(await store.read(key)).toMatchObject({ sealed: "new" });
  expect(await readdir(folder)).toEqual([`${key}.json`]);
  await store.destroy(key);
  await store.destroy(key);
  expect(await readdir(folder)).toEqual([]);
});

test("a reader never sees a half-written session", async () => {
  const key = newKey();
  let version = await store.create(key, inOneHour("a".repeat(100_000)));
  let isWriting = true;
  const reader = (async () => {
    for (let reads = 0; ; reads += 1) {
      const found = await store.read(key);
      expect(found?.sealed).toHaveLength(100_000);
      expect(new Set(found?.sealed).size).toBe(1);
      if (!isWriting) return reads;
    }
  })();
  for (const letter of "bcdefghijklmnopqrstuvwxyz") {
    const saved = await store.update(key, inOneHour(letter.repeat(100_000)), version);
    if (saved.result === "saved") version = saved.version;
  }
  isWriting = false;
  expect(await reader).toBeGreaterThan(10);
});

describe("writes that arrive late", () => {
  test("do not bring a destroyed session back, in whatever order they finish", async () => {
    for (let round = 0; round < 50; round += 1) {
      const key = newKey();
      const version = await store.create(key, inOneHour());
      await Promise.all([
        store.update(key, inOneHour("late"), version),
        store.touch(key, Date.now() + 2 * HOUR_MS),
        store.destroy(key),
        store.update(key, inOneHour("later"), version),
        store.touch(key, Date.now() + 2 * HOUR_MS),
      ]);
      expect(await store.read(key)).toBeNull();
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test("do not overwrite one another: of ten with the same version one is saved", async () => {
    const key = newKey();
    const version = await store.create(key, inOneHour());
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) => store.update(key, inOneHour(`writer${i}`), version)),
    );
    expect(results.filter(({ result }) => result === "saved")).toHaveLength(1);
    expect(results.filter(({ result }) => result === "conflict")).toHaveLength(9);
  });

  test("moving the expiry changes no data and makes no conflict", async () => {
    const key = newKey();
    const version = await store.create(key, inOneHour());
    const later = Date.now() + 2 * HOUR_MS;
    expect(await store.touch(key, later)).toBe(true);
    expect(await store.read(key)).toEqual({ sealed: "abc", expiresAt: later, version });
    expect(await store.update(key, inOneHour("new"), version)).toMatchObject({ result: "saved" });
  });
});

test("what has expired is gone, and is not brought back by moving its expiry", async () => {
  const key = newKey();
  const version = await store.create(key, { sealed: "abc", expiresAt: Date.now() + 500 });
  expect(await store.read(key)).not.toBeNull();
  await vi.waitFor(async () => expect(await store.read(key)).toBeNull(), 10_000);
  expect(await store.touch(key, Date.now() + HOUR_MS)).toBe(false);
  expect(await store.update(key, inOneHour(), version)).toEqual({ result: "gone" });
});

test("a missing session is told at once, without the library's retries of a quarter of a second", async () => {
  const started = performance.now();
  for (let i = 0; i < 20; i += 1) expect(await store.read(newKey())).toBeNull();
  expect(performance.now() - started).toBeLessThan((20 * 250) / 2);
});

test("session-file-store deletes what has expired, and nothing else", async () => {
  const [old, young] = [newKey(), newKey()];
  await store.create(old, { sealed: "abc", expiresAt: Date.now() - 1 });
  await store.create(young, inOneHour());
  const FileStore = createFileStore({ Store: function Store() {} } as never);
  const library = new FileStore({
    path: folder,
    reapInterval: 0.05,
    logFn: () => {},
  }) as unknown as {
    options: { reapIntervalObject: NodeJS.Timeout };
  };
  await vi.waitFor(async () => expect(await readdir(folder)).toEqual([`${young}.json`]), 10_000);
  clearInterval(library.options.reapIntervalObject);
});

test("a file that is no session reads as none", async () => {
  const key = newKey();
  await store.create(newKey(), inOneHour());
  await writeFile(join(folder, `${key}.json`), '{"cookie":');
  expect(await store.read(key)).toBeNull();
});

test("a disk that fails is an error, not a missing session", async () => {
  await writeFile(join(parent, "file"), "");
  await rm(folder, { recursive: true, force: true });
  await writeFile(folder, "a file where the folder should be");
  await expect(store.read(newKey())).rejects.toThrow("ENOTDIR");
  await expect(store.create(newKey(), inOneHour())).rejects.toThrow();
  await expect(store.ready()).rejects.toThrow();
  expect(await readFile(folder, "utf8")).toContain("a file where");
});
