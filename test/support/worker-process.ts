/**
 * The built Worker on workerd, without wrangler's proxies in front. CRON_MS runs its Cron Trigger at that interval,
 * INSPECTOR_PORT is where workerd's inspector listens.
 * `node test/support/worker-process.ts <folder with options.json> <port>`; prints `ready` when it answers.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openWorker } from "./open-worker.ts";

const [folder, port] = process.argv.slice(2);
if (folder === undefined || port === undefined) throw new Error("missing arguments");

const inspectorPort = process.env["INSPECTOR_PORT"];
const inspector = inspectorPort === undefined ? undefined : Number(inspectorPort);
const miniflare = openWorker(folder, Number(port), inspector);
for (const database of await databases()) await migrate(database);
const cronMs = Number(process.env["CRON_MS"] ?? 0);
if (cronMs > 0) {
  const worker = await miniflare.getWorker();
  setInterval(() => void worker.scheduled({ cron: "* * * * *" }), cronMs);
}
process.stdout.write("ready\n");

async function databases(): Promise<D1Database[]> {
  const bindings: Record<string, unknown> = await miniflare.getBindings();
  return Object.entries(bindings).flatMap(([name, bound]) =>
    /^DB(_\d+)?$/.test(name) ? (bound as D1Database) : [],
  );
}

/** In one transaction, so that a kill leaves all of the schema or nothing. */
async function migrate(database: D1Database): Promise<void> {
  const migrated = "SELECT 1 FROM sqlite_master WHERE name = 'job_group'";
  if ((await database.prepare(migrated).first()) !== null) return;
  const files = readdirSync("migrations").filter((name) => name.endsWith(".sql"));
  const statements = files
    .toSorted()
    .flatMap((name) =>
      readFileSync(join("migrations", name), "utf8").split("--> statement-breakpoint"),
    );
  await database.batch(statements.map((statement) => database.prepare(statement)));
}
