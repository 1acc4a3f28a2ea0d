import { globSync, readFileSync } from "node:fs";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
import { workerOptions } from "./test/support/worker-options.ts";

const source = globSync("src/**/*.ts", { exclude: ["src/{cli,dashboard,processor}/**"] }).map(
  (path) => readFileSync(path, "utf8"),
);
const imported = source.flatMap((text) =>
  Array.from(text.matchAll(/ from "([a-z@][^":]*)";/g), ([, name = ""]) => name),
);
/**
 * The packages that the tests in workerd load, each bundled once. Unbundled they are hundreds of modules,
 * and every test file would load each of them anew.
 */
const BUNDLED = [...new Set(imported), "@cfworker/json-schema", "fast-check"].filter(
  // The bundler does not know modules of Node that a package requires.
  (name) => name !== "@fastify/busboy",
);

const { main, worker } = workerOptions();

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/{unit,client,kit,reader}/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "server",
          include: ["test/{server,dashboard}/**/*.test.ts"],
          globalSetup: "test/server/setup.ts",
          testTimeout: 120_000,
        },
      },
      workers("workers", 1),
      // The same tests with the workspaces spread over two databases.
      workers("two-databases", 2),
    ],
  },
});

/** The tests that run in workerd, with so many databases. */
function workers(name: string, databases: number) {
  const more = Object.fromEntries(
    Array.from({ length: databases - 1 }, (_, index) => [`DB_${index + 1}`, `test-${index + 1}`]),
  );
  return {
    // A copy of the project with another `node_modules` link, as of the mutants, has a bundle of its own.
    cacheDir: `dist/vite/${name}`,
    plugins: [
      cloudflareTest(async () => ({
        main,
        miniflare: {
          ...worker,
          // The pool's simulator is older than the weights of calls. What limits is bound by the tests of it.
          ratelimits: Object.fromEntries(
            Object.entries(worker.ratelimits ?? {}).filter(([name]) => name === "RATE_LIMITER"),
          ),
          d1Databases: { DB: "test", ...more },
          // Nothing that a test sends leaves the machine.
          outboundService: () => new Response(null, { status: 502 }),
          bindings: {
            ...worker.bindings,
            CORS_ORIGINS: "https://app.example",
            ROOT_API_KEY: "test-root-key-0123456789-0123456789",
            DOCUMENT_URL_SECRET: "test-document-url-secret-0123456789",
            TEST_MIGRATIONS: await readD1Migrations("migrations"),
          },
        },
      })),
    ],
    test: {
      name,
      deps: { optimizer: { ssr: { enabled: true, include: BUNDLED } } },
      include: [
        "test/workers/**/*.test.ts",
        "test/contract/**/*.test.ts",
        ...(databases > 1 ? ["test/shards/**/*.test.ts"] : []),
      ],
      setupFiles: ["test/support/workers/setup.ts"],
      testTimeout: 120_000,
      expect: { poll: { timeout: 30_000 } },
    },
  };
}
