import { defineConfig } from "@playwright/test";
import { findChromium } from "./browser/find-chromium.ts";

export default defineConfig({
  testDir: "browser",
  testMatch: "*.spec.ts",
  // One worker: it brings up its apps once, and the tests ask no more than that of a small machine.
  workers: 1,
  timeout: 60_000,
  // A wait costs nothing where the machine is quick; CI's is not.
  expect: { timeout: 10_000 },
  reporter: "line",
  use: {
    ignoreHTTPSErrors: true, // The local router's certificate is its own.
    screenshot: { mode: "only-on-failure", fullPage: true },
    viewport: { width: 1_280, height: 900 },
    launchOptions: {
      ...findChromium(),
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
});
