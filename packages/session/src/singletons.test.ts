import { expect, test, vi } from "vitest";
import { bootId } from "./http/dyno.ts";
import { lazy, singleton } from "./singletons.ts";

test("what is made once per process is the same in every bundle", async () => {
  const made = singleton("process.test", () => ({}));
  vi.resetModules();
  const otherBundle = await import("./singletons.ts");
  expect(otherBundle.singleton("process.test", () => ({}))).toBe(made);
  expect((await import("./http/dyno.ts")).bootId()).toBe(bootId());
  expect(bootId()).toMatch(/^[\da-f]{16}$/);
});

test("what is lazy is made at the first call, and again after a failure", () => {
  const make = vi.fn(() => ({}));
  make.mockImplementationOnce(() => {
    throw new Error("not yet");
  });
  const get = lazy(make);
  expect(make).not.toHaveBeenCalled();
  expect(get).toThrow("not yet");
  expect(get()).toBe(get());
  expect(make).toHaveBeenCalledTimes(2);
});
