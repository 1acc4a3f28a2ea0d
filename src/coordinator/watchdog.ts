import { connect, type Db } from "../store/db.ts";
import { databasesOf, type GroupPlace } from "../store/shards.ts";
import type { GroupKey } from "../domain/group.ts";
import { readOverdueGroups } from "../store/read/overdue.ts";
import { readStalledRemovals } from "../store/read/stalled-removals.ts";
import { forgetFilters } from "../store/write/claim-filters.ts";
import { pruneDeliveries } from "../store/write/prune-deliveries.ts";
import { coordinatorOf } from "./stub.ts";

/** An alarm that is this late is taken for lost. */
const OVERDUE_MS = 60_000;
/** Groups looked at in one step, and groups woken in one run. */
const [PAGE, MAX_WOKEN] = [500, 50];
const KEPT_MS = 30 * 24 * 60 * 60_000;
const MAX_PRUNED = 500;

/**
 * Stands behind the alarms, which can be lost: by a commit that arrives after its object gave up, or by a restored
 * database. Wakes the coordinators of groups with overdue leases, notices or removals, and prunes old notices
 * and filters.
 */
export async function watch(env: Env, now: number): Promise<void> {
  const databases = databasesOf(env).map(connect);
  await Promise.all(databases.map((db, shard) => watchOne(env, db, shard, now)));
}

async function watchOne(env: Env, db: Db, shard: number, now: number): Promise<void> {
  const overdue = await findOverdue(db, now - OVERDUE_MS);
  await Promise.all(overdue.map((group) => wake(env, { ...group, shard })));
  await pruneDeliveries(db, now - KEPT_MS, MAX_PRUNED);
  await forgetFilters(db, now);
}

/** Begins at a random place, so that no groups, however many they are, keep the others from their turn. */
async function findOverdue(db: Db, before: number): Promise<GroupKey[]> {
  const found = new Map<string, GroupKey>();
  for (const from of [randomId(), ""]) {
    const looking = { from, before, page: PAGE, limit: MAX_WOKEN };
    for (const group of await readOverdueGroups(db, looking)) found.set(group.groupId, group);
  }
  const removals = await readStalledRemovals(db, before, MAX_WOKEN);
  return [...[...found.values()].slice(0, MAX_WOKEN), ...removals];
}

const randomId = (): string => crypto.randomUUID().replaceAll("-", "");

/** The next run finds a group again that this one could not wake. */
async function wake(env: Env, group: GroupPlace): Promise<void> {
  try {
    await coordinatorOf(env, group.groupId).wake(group);
    console.warn("woken, because its alarm is overdue", group.groupId);
  } catch (error) {
    console.error("overdue, but not woken", group.groupId, error);
  }
}
