import { defineConfig } from "vitest/config";

// Every folder with its own vitest.config.ts: run them all, or one by `pnpm --filter db-app test`.
export default defineConfig({
  test: {
    projects: ["*/vitest.config.ts", "{apps,packages,tools}/*/vitest.config.ts"],
  },
});
