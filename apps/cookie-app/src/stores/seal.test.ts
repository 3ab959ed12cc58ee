import { createSecretKey, randomBytes } from "node:crypto";
import { sealData, unsealData } from "iron-session";
import { expect, test } from "vitest";
import { seal } from "./seal.ts";

const HOUR_MS = 3_600_000;
const bytes = randomBytes(32);
const key = createSecretKey(bytes);
/** iron-session takes a key where its types say password. */
const password = { 1: bytes } as never;
const expiresAt = Date.now() + HOUR_MS;

test("iron-session opens the seal, and only with the key, unchanged and in time", async () => {
  const contents = [{}, { note: "ünïcödé 🙂" }, { note: "x".repeat(2_700) }];
  for (const content of contents) {
    const sealed = seal(JSON.stringify(content), key, expiresAt);
    expect(await unsealData(sealed, { password })).toEqual(content);
  }
  const sealed = seal('{"visits":1}', key, expiresAt);
  expect(await unsealData(sealed, { password: { 1: randomBytes(32) } as never })).toEqual({});
  const late = sealed.replace(String(expiresAt), String(expiresAt + HOUR_MS));
  expect(await unsealData(late, { password })).toEqual({});
  const past = seal('{"visits":1}', key, Date.now() - HOUR_MS);
  expect(await unsealData(past, { password })).toEqual({});
});

test("it has the form of iron-session's own, and no two are the same", async () => {
  const own = await sealData({ visits: 1 }, { password, ttl: HOUR_MS / 1000 });
  const form = (text: string) => text.split("*").map((part) => part.length);
  expect(form(seal('{"visits":1}', key, expiresAt))).toEqual(form(own));
  const seals = Array.from({ length: 100 }, () => seal("{}", key, expiresAt));
  expect(new Set(seals).size).toBe(100);
});
