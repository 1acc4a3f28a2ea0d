import { defineConfig } from "vitest/config";

/** The domain's tests alone: starts in a second. */
export default defineConfig({ test: { include: ["test/unit/**/*.test.ts"], testTimeout: 60_000 } });
