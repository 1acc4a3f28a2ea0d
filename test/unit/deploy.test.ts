import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Unstable_Config, unstable_readConfig } from "wrangler";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "job-groups-deploy-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ENVIRONMENTS = [
  ["production", []],
  ["staging", ["--env", "staging"]],
] as const;

/** `npm run deploy` with these arguments, with the given folder's programs before all others. */
const deploy = (args: readonly string[], programs: string, variables = {}) =>
  promisify(execFile)(process.execPath, ["src/cli/deploy.ts", ...args], {
    env: {
      ...process.env,
      ...variables,
      PATH: [programs, process.env["PATH"]].join(delimiter),
    },
  });

/** The bindings that wrangler says it would make, by name. */
async function bindingsOf(args: readonly string[]): Promise<Record<string, string>> {
  const programs = join("node_modules", ".bin");
  const { stdout } = await deploy([...args, "--dry-run", "--outdir", folder], programs);
  const rows = stdout.matchAll(/^env\.(\w+) \((.*?)\) {2,}(\S.*?)\s*$/gm);
  return Object.fromEntries(
    Array.from(rows, ([, name, value, kind]) => [name, `${kind}: ${value}`]),
  );
}

test("production and staging bind the same names, and each a database and a bucket of its own", async () => {
  const production = await bindingsOf([]);
  const staging = await bindingsOf(["--env", "staging"]);
  expect(production).toMatchObject({
    DB: "D1 Database: ocr-invoice-job-groups",
    DOCUMENTS: "R2 Bucket: ocr-invoice-documents",
    GROUP_COORDINATOR: "Durable Object: GroupCoordinator",
    EMAIL: "Send Email: unrestricted",
    RATE_LIMITER: "Rate Limit: 10000 requests/10s",
    STRANGER_LIMITER: "Rate Limit: 1000 requests/10s",
    WORKSPACE_LIMITER: "Rate Limit: 20000 requests/10s",
  });
  expect(staging).toEqual({
    ...production,
    DB: "D1 Database: ocr-invoice-job-groups-staging",
    DOCUMENTS: "R2 Bucket: ocr-invoice-documents-staging",
  });
});

test("staging runs as production does, and shares nothing with it", () => {
  const [production, staging] = [undefined, "staging"].map((env) =>
    unstable_readConfig({ config: "wrangler.toml", ...(env && { env }) }, { hideWarnings: true }),
  );
  if (production === undefined || staging === undefined) throw new Error("no configuration");
  for (const same of [
    "triggers",
    "migrations",
    "durable_objects",
    "assets",
    "observability",
  ] as const) {
    expect(staging[same], same).toEqual(production[same]);
  }
  expect(production.triggers.crons).toEqual(["* * * * *"]);
  const own = ({ name, d1_databases, r2_buckets, ratelimits, routes = [] }: Unstable_Config) => [
    name,
    ...d1_databases.flatMap((database) => [database.database_name, database.database_id]),
    ...r2_buckets.map((bucket) => bucket.bucket_name),
    ...ratelimits.map((limit) => limit.namespace_id),
    ...routes.map((route) => JSON.stringify(route)),
  ];
  expect(own(production).filter((value) => own(staging).includes(value))).toEqual([]);
});

test("in no deployment may the pages of every origin call", () => {
  for (const env of [undefined, "staging"]) {
    const { vars } = unstable_readConfig({ config: "wrangler.toml", ...(env && { env }) });
    expect(vars["CORS_ORIGINS"]).not.toContain("*");
  }
});

test.each([
  ...ENVIRONMENTS.map(([name, args]) => [name, args, {}, name] as const),
  ["CLOUDFLARE_ENV=staging", [], { CLOUDFLARE_ENV: "staging" }, "staging"] as const,
])("deploying %s migrates its database alone, and first", async (_, args, variables, expected) => {
  const calls = join(folder, "calls");
  const fake = join(folder, "wrangler");
  await writeFile(fake, `#!/bin/sh\necho "$@" >> '${calls}'\n`);
  await chmod(fake, 0o755);
  await rm(calls, { force: true });
  await deploy([...args, "--minify"], folder, { CLOUDFLARE_ENV: undefined, ...variables });
  const [migration = "", deployment = "", ...more] = (await readFile(calls, "utf8"))
    .trim()
    .split("\n");
  const env = expected === "production" ? "" : expected;
  expect(migration).toBe(`d1 migrations apply DB --remote --env=${env}`);
  expect(deployment).toMatch(/^deploy .*--minify$/);
  expect(/--env[= ](\w*)/.exec(deployment)?.[1]).toBe(env);
  expect(more).toEqual([]);
});

test("a migration that fails leaves the Worker as it is", async () => {
  const fake = join(folder, "wrangler");
  await writeFile(fake, `#!/bin/sh\necho "$1" >> '${folder}/failing'\nexit 3\n`);
  await chmod(fake, 0o755);
  await expect(deploy([], folder)).rejects.toMatchObject({ code: 3 });
  expect(await readFile(join(folder, "failing"), "utf8")).toBe("d1\n");
});
