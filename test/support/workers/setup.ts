import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { databasesOf } from "../../../src/store/shards.ts";
import { SHARD } from "./database.ts";

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- the only way to add a binding to Env
  namespace Cloudflare {
    interface Env {
      TEST_MIGRATIONS: D1Migration[];
    }
  }
}

for (const database of databasesOf(env)) await applyD1Migrations(database, env.TEST_MIGRATIONS);

/** The workspaces that the tests use without making a key for them. */
const WORKSPACES = ["default", "faults", "model", "once"];

// With two databases they live in the second, so that nothing works by looking in the first.
if (SHARD > 0) {
  const place = env.DB.prepare("INSERT INTO workspace_home (workspace, shard) VALUES (?, ?)");
  await env.DB.batch(WORKSPACES.map((workspace) => place.bind(workspace, SHARD)));
}
