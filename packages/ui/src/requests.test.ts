import { beforeEach, expect, test, vi } from "vitest";
import { loadRequests, MAX_REQUESTS, saveRequests, withRequest } from "./requests.ts";

const request = (key: string) => ({ key, dyno: "web.1", sessionOutcome: "found" });
let stored: string | null;

beforeEach(() => {
  stored = null;
  vi.stubGlobal("localStorage", {
    getItem: () => stored,
    setItem: (_: string, value: string) => {
      stored = value;
    },
  });
});

test("what was saved is loaded", () => {
  saveRequests([request("a")]);
  expect(loadRequests()).toEqual([request("a")]);
});

test("only the last thirty are kept, and the same request only once", () => {
  let requests = [request("first")];
  for (let at = 0; at < MAX_REQUESTS; at += 1)
    requests = withRequest(requests, request(String(at)));
  expect(requests).toHaveLength(MAX_REQUESTS);
  expect(requests).not.toContainEqual(request("first"));
  expect(withRequest(requests, request("5"))).toBe(requests);
});

test.each([
  "",
  "{",
  "null",
  '{"a":1}',
  '[1,null,{"key":1,"dyno":"web.1","sessionOutcome":"found"}]',
])("a storage that holds %s is an empty strip", (text) => {
  stored = text;
  expect(loadRequests()).toEqual([]);
});

test("a browser that stores nothing still shows the strip", () => {
  vi.stubGlobal("localStorage", undefined);
  expect(loadRequests()).toEqual([]);
  expect(() => saveRequests([request("a")])).not.toThrow();
});
