import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Every folder with a vitest.config.ts of its own: run them all, or one by `pnpm --filter db-app test`.
export default defineConfig({
  test: {
    projects: ["*/vitest.config.ts", "{apps,packages,tools}/*/vitest.config.ts"],
    // Most test files wait more than they compute: for servers, dynos and time limits.
    maxWorkers: 2 * availableParallelism(),
  },
});
