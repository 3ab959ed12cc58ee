import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    setupFiles: ["@repo/dynos/test-home"],
    // Some run the whole command, with k6, on a machine that is busy with other tests.
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
