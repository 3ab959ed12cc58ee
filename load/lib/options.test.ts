import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The options as k6 hands them over with `-e`. */
function optionsWith(env: Record<string, string>) {
  vi.stubGlobal("__ENV", env);
  return import("./options.ts");
}

test.each([
  "https://127.0.0.1:8443",
  "https://localhost",
  "http://db-app.localhost:3000/",
  "https://[::1]:443",
])("%s is this machine, whose certificate is self-signed", async (url) => {
  expect((await optionsWith({ BASE_URL: url })).loopback).toBe(true);
});

test.each([
  "https://my-app-0123456789ab.herokuapp.com",
  "https://localhost.example.com",
  "https://127.0.0.1.example.com",
  "https://example.com/127.0.0.1",
  "https://user@example.com",
])("%s is not this machine, and needs a valid certificate", async (url) => {
  expect((await optionsWith({ BASE_URL: url })).loopback).toBe(false);
});

test("an unknown EXPECT names the known ones", async () => {
  const { expected } = await optionsWith({ BASE_URL: "http://app", EXPECT: "not tested" });
  expect(expected).toBe("not tested");
  vi.resetModules();
  await expect(optionsWith({ BASE_URL: "http://app", EXPECT: "passes" })).rejects.toThrow(
    '`EXPECT` is "passes". Give one of: "works", "breaks"',
  );
});

test("a number that is none is named", async () => {
  const { numberOption } = await optionsWith({ BASE_URL: "http://app", VISITS: "many" });
  expect(() => numberOption("VISITS", 8)).toThrow('`VISITS` is "many". Give a number above 0.');
  expect(numberOption("VISITORS", 10)).toBe(10);
});
