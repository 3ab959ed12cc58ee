import { defineConfig } from "vitest/config";

// SPEC.md's promises, against BASE_URL where it is set, else against every built app on a local router.
export default defineConfig({
  test: {
    include: ["{http,hostile}/**/*.test.ts"],
    // These start their own apps, with settings and accidents that an app elsewhere is spared.
    exclude: process.env.BASE_URL
      ? [
          "http/{conflict,frozen-store,full-store,outage,own-home,process,races,renewal,seals}.test.ts",
        ]
      : [],
    globalSetup: "http/apps-up.ts",
    // They hold apps to their time limits, so they run one file at a time.
    fileParallelism: false,
    testTimeout: 15_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
