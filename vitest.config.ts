import { defineConfig } from "vitest/config";

// Every folder with a vitest.config.ts of its own: run them all, or one by `pnpm --filter db-app test`.
export default defineConfig({
  test: {
    projects: ["*/vitest.config.ts", "{apps,packages,tools}/*/vitest.config.ts"],
  },
});
