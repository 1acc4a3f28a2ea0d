import { connect, runBatch } from "../store/db.ts";
import { databasesOf, type GroupPlace } from "../store/shards.ts";
import { readDueGroups } from "../store/read/due-groups.ts";
import { pruneReceipts } from "../store/write/receipts.ts";
import { execute } from "./stub.ts";

/** Groups deleted in one run, in each database. With a run each minute that makes 1,200 an hour. */
const MAX_DELETED = 20;
const MAX_RECEIPTS = 500;

/**
 * Deletes groups whose retention is over, each through its coordinator and in a commit of its own: a run that dies
 * leaves the rest to the next one. Also deletes expired receipts.
 */
export async function forget(env: Env, now: number): Promise<void> {
  for (const [shard, database] of databasesOf(env).entries()) {
    const db = connect(database);
    const due = await readDueGroups(db, now, MAX_DELETED);
    for (const group of due) await deleteDue(env, { ...group, shard }, now);
    await runBatch(db, [pruneReceipts(now, MAX_RECEIPTS)]);
  }
}

/** The coordinator decides whether the group is still due: it may have been reopened since it was read. */
async function deleteDue(env: Env, group: GroupPlace, now: number): Promise<void> {
  const { workspace, groupId } = group;
  try {
    const outcome = await execute(env, { ...group, command: { kind: "delete", dueBy: now } });
    const done = outcome.ok ? "deleted" : outcome.refusal.code;
    const at = new Date(now).toISOString();
    const target = { groupId, done };
    console.log(JSON.stringify({ log: "audit", at, operation: "retention", workspace, target }));
  } catch (error) {
    console.error("due, but not deleted", groupId, error);
  }
}
