import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "history", testTimeout: 60_000 } });
