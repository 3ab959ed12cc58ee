import { defineConfig } from "vitest/config";

// The whole command on real apps. Apart from the other tests, because it wants the machine for itself.
export default defineConfig({
  test: {
    include: ["e2e/**/*.test.ts"],
    setupFiles: ["@repo/dynos/test-home"],
    fileParallelism: false,
    testTimeout: 300_000,
  },
});
