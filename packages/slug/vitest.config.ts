import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "slug", testTimeout: 60_000 } });
