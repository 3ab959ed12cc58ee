import { expect, test } from "vitest";
import { deriveKey, open, seal } from "./seal.ts";

const SECRET = "s".repeat(32);

test("what is sealed opens again, and twice the same text gives two seals", () => {
  const [one, two] = [seal("hällo", SECRET, "key"), seal("hällo", SECRET, "key")];
  expect(open(one, SECRET, "key")).toBe("hällo");
  expect(one).not.toBe(two);
});

test("a seal opens for its own key alone: a record that was moved does not open", () => {
  expect(open(seal("text", SECRET, "key one"), SECRET, "key two")).toBeNull();
});

test("a seal does not open with another secret, nor when it was changed, cut off or never was one", () => {
  const sealed = seal("text", SECRET, "key");
  expect(open(sealed, "o".repeat(32), "key")).toBeNull();
  for (const wrong of [
    `A${sealed.slice(1)}x`,
    sealed.slice(0, -2),
    sealed.slice(0, 20),
    "",
    "not a seal",
  ]) {
    expect(open(wrong, SECRET, "key")).toBeNull();
  }
});

test("each purpose has a separate key", () => {
  expect(deriveKey(SECRET, "one")).not.toEqual(deriveKey(SECRET, "two"));
  expect(deriveKey(SECRET, "one")).toHaveLength(32);
});
