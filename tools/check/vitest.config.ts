import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "check", testTimeout: 60_000 } });
