import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { name: "deploy", setupFiles: ["@repo/dynos/test-home"], testTimeout: 60_000 },
});
