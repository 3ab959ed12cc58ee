import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { name: "addons", testTimeout: 60_000, hookTimeout: 60_000 },
});
