import { createDecipheriv } from "node:crypto";
import { expect, test, vi } from "vitest";
import { createSealer } from "./sealer.ts";

vi.mock("node:crypto", async (load) => {
  const crypto = await load<typeof import("node:crypto")>();
  return { ...crypto, createDecipheriv: vi.fn(crypto.createDecipheriv) };
});

const [NEW, OLD] = ["n".repeat(32), "o".repeat(32)];
const dyno = (...secrets: [string, ...string[]]) => createSealer(() => secrets);
/** How many seals `work` opens, which it does not know already. */
function countOpened(work: () => void): number {
  const before = vi.mocked(createDecipheriv).mock.calls.length;
  work();
  return vi.mocked(createDecipheriv).mock.calls.length - before;
}

test("another dyno opens a seal once, and the dyno that made it never", () => {
  const [one, two] = [dyno(NEW), dyno(NEW)];
  const sealed = one.seal("text", "key");
  const read = ({ open }: typeof one) => expect(open(sealed, "key")?.text).toBe("text");
  expect(countOpened(() => read(one))).toBe(0);
  expect(countOpened(() => read(two))).toBe(1);
  expect(countOpened(() => read(two))).toBe(0);
});

test("a seal that is remembered opens under its key alone, and not when a character differs", () => {
  const { seal, open } = dyno(NEW);
  const [one, two] = [seal("one", "key one"), seal("two", "key two")];
  expect(open(one, "key two")).toBeNull();
  expect(open(`${one.slice(0, -4)}AAAA`, "key one")).toBeNull();
  expect([open(one, "key one")?.text, open(two, "key two")?.text]).toEqual(["one", "two"]);
});

test("what another dyno has written since is opened, and then what it replaced is opened again", () => {
  const [one, two] = [dyno(NEW), dyno(NEW)];
  const before = one.seal("before", "key");
  const after = two.seal("after", "key");
  expect(one.open(after, "key")?.text).toBe("after");
  expect(one.open(before, "key")?.text).toBe("before");
});

test("a seal of a previous secret is outdated, each time it is opened", () => {
  const sealed = dyno(OLD).seal("text", "key");
  const { open } = dyno(NEW, OLD);
  for (const _ of [1, 2]) expect(open(sealed, "key")).toMatchObject({ isOutdated: true });
  expect(dyno(NEW).open(sealed, "key")).toBeNull();
});

test("takes little memory: it keeps the newest thousand, and nothing that is long", () => {
  const { seal, open } = dyno(NEW);
  const oldest = seal("text", "oldest");
  const second = seal("text", "second");
  for (let count = 0; count < 999; count += 1) seal("text", `key ${count}`);
  expect(countOpened(() => open(second, "second"))).toBe(0);
  expect(countOpened(() => open(oldest, "oldest"))).toBe(1);
  const long = seal("x".repeat(10_000), "long");
  for (const _ of [1, 2]) expect(countOpened(() => open(long, "long"))).toBe(1);
});
