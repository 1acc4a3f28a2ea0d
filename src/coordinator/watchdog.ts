import { connect, type Db } from "../store/db.ts";
import { readOverdueGroups } from "../store/read/overdue.ts";
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
 * database. Wakes the coordinators of groups with overdue leases or notices, and prunes old notices
 * and filters.
 */
export async function watch(env: Env, now: number): Promise<void> {
  const db = connect(env.DB);
  const overdue = await findOverdue(db, now - OVERDUE_MS);
  await Promise.all(overdue.map((groupId) => wake(env, groupId)));
  await pruneDeliveries(db, now - KEPT_MS, MAX_PRUNED);
  await forgetFilters(db, now);
}

/** Begins at a random place, so that no groups, however many they are, keep the others from their turn. */
async function findOverdue(db: Db, before: number): Promise<string[]> {
  const found = new Set<string>();
  for (const from of [randomId(), ""]) {
    const looking = { from, before, page: PAGE, limit: MAX_WOKEN };
    for (const id of await readOverdueGroups(db, looking)) found.add(id);
  }
  return [...found].slice(0, MAX_WOKEN);
}

const randomId = (): string => crypto.randomUUID().replaceAll("-", "");

/** The next run finds a group again that this one could not wake. */
async function wake(env: Env, groupId: string): Promise<void> {
  try {
    await coordinatorOf(env, groupId).wake(groupId);
    console.warn("woken, because its alarm is overdue", groupId);
  } catch (error) {
    console.error("overdue, but not woken", groupId, error);
  }
}
