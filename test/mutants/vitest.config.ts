import { defineConfig } from "vitest/config";

/** The domain's tests alone: starts in a second. Threads, so that a test in an endless loop dies with vitest. */
export default defineConfig({
  test: { include: ["test/unit/**/*.test.ts"], testTimeout: 60_000, pool: "threads" },
});
