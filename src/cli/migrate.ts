/** `npm run migrate:local` and `migrate:remote`: migrates every database of an environment. Arguments go to wrangler. */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { databasesOf, migrations } from "./databases.ts";

const args = process.argv.slice(2);
const { values } = parseArgs({
  args,
  strict: false,
  options: { env: { type: "string", short: "e" } },
});
const { env = process.env["CLOUDFLARE_ENV"] ?? "" } = values;
for (const step of migrations(databasesOf(String(env)), args)) {
  const { status } = spawnSync("wrangler", step, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
