import { expect, test } from "vitest";
import { isLoopback, isVerdict } from "./options-check.ts";

test.each([
  "https://127.0.0.1:8443",
  "https://localhost",
  "http://db-app.localhost:3000/",
  "https://[::1]:443",
])("%s is this machine, whose certificate nobody signed", (url) => {
  expect(isLoopback(url)).toBe(true);
});

test.each([
  "https://my-app.herokuapp.com",
  "https://localhost.example.com",
  "https://127.0.0.1.example.com",
  "https://example.com/127.0.0.1",
  "https://user@example.com",
])("%s is not, and has to have a right one", (url) => {
  expect(isLoopback(url)).toBe(false);
});

test("an unknown EXPECT names the known ones", () => {
  expect(isVerdict("not tested")).toBe("not tested");
  expect(() => isVerdict("passes")).toThrow('`EXPECT` is "passes". Give one of: "works", "breaks"');
});
