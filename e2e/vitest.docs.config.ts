import { defineConfig } from "vitest/config";

// What the documentation says. Apart from the other tests, because it brings up apps and wants them built.
export default defineConfig({
  test: {
    include: ["docs/**/*.test.ts"],
    globalSetup: "docs/own-home.ts",
    // Each document is played from top to bottom; two at a time are what a small machine can bear.
    maxConcurrency: 2,
    testTimeout: 180_000,
  },
});
