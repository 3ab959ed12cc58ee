import { expect, test } from "vitest";
import { SessionConflictError, SessionStoreError, SessionTooLargeError } from "./errors.ts";

// A page's bundle and a route handler's each have their own copy of the classes, while a store is shared by both.
test("an error thrown by another bundle's copy of a class is recognised", async () => {
  const specifier = "./errors.ts?another-bundle";
  const other: typeof import("./errors.ts") = await import(/* @vite-ignore */ specifier);
  expect(other.SessionStoreError).not.toBe(SessionStoreError);
  expect(new other.SessionStoreError("Postgres", "x")).toBeInstanceOf(SessionStoreError);
  expect(new other.SessionTooLargeError("db", 1)).toBeInstanceOf(SessionTooLargeError);
  expect(new other.SessionConflictError("db", "x")).toBeInstanceOf(SessionConflictError);
});

test("the errors are not taken for one another, nor is anything else", () => {
  expect(new SessionStoreError("Postgres", "x")).not.toBeInstanceOf(SessionTooLargeError);
  for (const other of [
    null,
    undefined,
    "SessionStoreError",
    { name: "SessionStoreError" },
    new Error("x"),
  ])
    expect(other instanceof SessionStoreError).toBe(false);
});
