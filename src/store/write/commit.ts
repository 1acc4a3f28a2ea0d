import { and, eq } from "drizzle-orm";
import { type CommittedGroup, keyOf } from "../../domain/group.ts";
import type { Job } from "../../domain/job.ts";
import type { Beats } from "../../domain/lease.ts";
import type { Receipt } from "../../domain/receipt.ts";
import type { Sweep } from "../../domain/state.ts";
import { MOVING } from "../../lib/transient.ts";
import { type Db, runBatch, type Write } from "../db.ts";
import { insertDeliveries, type OutgoingNotice } from "./insert-deliveries.ts";
import { assertRoom } from "./stored-bytes.ts";
import { insertRemovals } from "./document-removals.ts";
import { eraseJobs } from "./erase-jobs.ts";
import { insertGroup } from "./insert-group.ts";
import { insertJobs } from "./insert-jobs.ts";
import { beginRemoval } from "./remove-group.ts";
import { deleteExpired, eraseReceipts, insertReceipt, pruneReceipts } from "./receipts.ts";
import { sweepJobs } from "./sweep-jobs.ts";
import { jobGroup } from "../schema.ts";
import { updateGroup } from "./update-group.ts";
import { updateJobs } from "./update-jobs.ts";

/** The change that a batch of commands makes to a group. `before` is `null` for a creation, `after` for a deletion. */
export interface Change {
  readonly before: CommittedGroup | null;
  /** The number of the row of `before`. */
  readonly rowid: number | null;
  /** Has the revision of `before` when only beats change. */
  readonly after: CommittedGroup | null;
  /** The row that a deletion leaves of a group too large for one commit: see `write/remove-group.ts`. */
  readonly remains: CommittedGroup | null;
  readonly beats: { readonly before: Beats; readonly after: Beats };
  readonly insertedJobs: readonly Job[];
  readonly updatedJobs: readonly Job[];
  readonly erasedJobIds: readonly string[];
  /** Keys of stored documents whose job is deleted; `""` for all of a deleted group. */
  readonly removedDocuments: readonly string[];
  readonly sweep: Sweep | undefined;
  readonly receipts: readonly Receipt[];
  readonly notices: readonly OutgoingNotice[];
  /** Jobs have completed, and their notices are left out because no webhook was known to ask for them. */
  readonly untold: boolean;
  readonly now: number;
}

/**
 * - `committed`: the whole change is stored.
 * - `announced`: the whole change is stored, and with it new deliveries.
 * - `fenced`: nothing is stored, because another writer moved the group since it was read.
 * - `over_quota`: nothing is stored, because the workspace has as many groups, or bytes of documents, as it may.
 * - `stopped`: nothing is stored, because the workspace is moving to another database.
 * - `refused`: nothing is stored, because the change is invalid to the database. It always will be.
 *
 * After a thrown error nobody knows whether the change is stored.
 */
export type CommitResult =
  | "committed"
  | "announced"
  | "fenced"
  | "over_quota"
  | "stopped"
  | "refused";

/** The bounds of a workspace that a commit checks; left out: any number. */
export interface CommitQuotas {
  readonly groups?: number | undefined;
  readonly storedBytes?: number | undefined;
}

/** Writes the whole change or nothing, in one transaction and one round trip. */
export async function commit(
  db: Db,
  change: Change,
  quotas: CommitQuotas = {},
): Promise<CommitResult> {
  const { before, after, now } = change;
  const group = after ?? before;
  if (group === null) throw new Error("a change must have a group");
  const owner = { ...keyOf(group), rowid: change.rowid };
  const announcements =
    after === null || change.notices.length === 0
      ? []
      : [insertDeliveries(group, change.notices, now)];
  const writes = [
    // First, because an added job may have the number of a deleted one.
    ...eraseJobs(owner, change.erasedJobIds),
    ...insertJobs(owner, change.insertedJobs),
    ...updateJobs(owner, change.updatedJobs),
    ...(change.sweep ? sweepJobs(owner, group, change.sweep, now) : []),
    ...change.receipts.flatMap((row) => [
      deleteExpired(row, now),
      insertReceipt(row, group.revision),
    ]),
    ...(change.receipts.length > 0 ? [pruneReceipts(now)] : []),
    ...(after !== null
      ? []
      : change.remains
        ? beginRemoval(group, now)
        : eraseReceipts(group, now)),
    ...insertRemovals(keyOf(group), change.removedDocuments),
    ...(storesMore(change) ? assertRoom(group.workspace, quotas.storedBytes) : []),
  ];
  try {
    const groupWrites = writesOfGroup(db, change, quotas.groups);
    const all = [...groupWrites, ...announcements, ...writes];
    const { [0]: fence, [groupWrites.length]: announced } = await runBatch(db, all);
    if (fence === undefined || fence.meta.changes === 0) return "fenced";
    const toTell = announcements.length > 0 && (announced?.meta.changes ?? 0) > 0;
    return toTell ? "announced" : "committed";
  } catch (error) {
    const message = causes(error);
    if (message.includes(MOVING)) return "stopped";
    if (FENCED.test(message)) return "fenced";
    const isBounded = before === null || (quotas.storedBytes !== undefined && storesMore(change));
    if (isBounded && OVER_QUOTA.test(message)) return "over_quota";
    if (/constraint failed|too big|SQLITE_ERROR|malformed/i.test(message)) {
      console.error("commit refused", group.id, message);
      return "refused";
    }
    throw error;
  }
}

/**
 * The errors of a change that another writer overtook: it moved, deleted or created the group, or stored a receipt
 * under the same Idempotency-Key.
 */
const FENCED =
  /NOT NULL constraint failed: (job_group\.revision|job\.group_id)|FOREIGN KEY constraint|UNIQUE constraint failed: (job_group\.id|receipt)/;

/** The error of the only JSON that a creation, or an upload, parses: see `insertGroup` and `assertRoom`. */
const OVER_QUOTA = /malformed JSON/;

/** The first statement moves the revision. It aborts the batch when the stored revision is not the one read. */
function writesOfGroup(db: Db, change: Change, groupQuota: number | undefined): Write[] {
  const { before, after, remains } = change;
  if (before === null) {
    if (after === null) throw new Error("a change must have a group");
    return [insertGroup(after, groupQuota)];
  }
  const moved = updateGroup({ ...change, before });
  if ((after ?? remains) !== null) return [moved];
  const isGroup = and(eq(jobGroup.id, before.id), eq(jobGroup.workspace, before.workspace));
  return [moved, db.delete(jobGroup).where(isGroup)];
}

const storesMore = ({ before, after }: Change): boolean =>
  before !== null && after !== null && after.storedBytes > before.storedBytes;

function causes(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}; ${causes(error.cause)}`;
}
