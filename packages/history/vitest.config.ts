import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "history", testTimeout: 30_000 } });
