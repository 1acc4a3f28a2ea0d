/**
 * `npm run dev`: the API on this machine, with migrated databases and the development key. Arguments go to
 * `wrangler dev`. An existing `.dev.vars` is left as it is.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs, parseEnv } from "node:util";
import { databasesOf, migrations } from "./databases.ts";
import { developmentServer } from "./development-server.ts";

const args = process.argv.slice(2);

if (!existsSync(".dev.vars")) copyFileSync(".dev.vars.development", ".dev.vars");

const { values } = parseArgs({
  args,
  strict: false,
  options: { "persist-to": { type: "string" } },
});
const { "persist-to": folder } = values;
const store = folder === undefined ? [] : ["--persist-to", String(folder)];
for (const step of migrations(databasesOf(""), ["--local", ...store])) {
  const migrated = spawnSync("wrangler", step, {
    // Wrangler asks no question then.
    env: { ...process.env, CI: "1" },
    encoding: "utf8",
  });
  if (migrated.status === 0) continue;
  console.error(migrated.stdout, migrated.stderr);
  process.exit(1);
}

const server = developmentServer(args);
const { ROOT_API_KEY = "" } = parseEnv(readFileSync(".dev.vars", "utf8"));
const link = `${server.url}/dashboard#key=${encodeURIComponent(ROOT_API_KEY)}`;
console.log(`\nThe dashboard, signed in: ${link}\n`);

const wrangler = spawn("wrangler", server.args, { stdio: "inherit" });
// A terminal interrupts wrangler too. This process outlives it, so that the prompt comes back after its last line.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => wrangler.kill());
const [code] = (await once(wrangler, "exit")) as [number | null];
process.exitCode = code ?? 0;
