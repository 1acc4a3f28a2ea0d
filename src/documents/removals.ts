import type { Db } from "../store/db.ts";
import { endRemoval, readRemovals, type Removal } from "../store/write/document-removals.ts";
import { objectName } from "./keys.ts";
import { removeAll } from "./remove-all.ts";

/** Removals begun in one run of the Cron Trigger, and pages of a thousand documents for each. */
const REMOVALS_A_RUN = 20;
const PAGES = 5;

/** Removes the documents of a job or of a group that is deleted. What is left after so many pages is for the next call. */
export async function carryOut(
  bucket: R2Bucket,
  db: Db,
  removal: Removal,
  pages = PAGES,
): Promise<void> {
  const isDone = await removeAll(bucket, objectName(removal.groupId, removal.documentKey), pages);
  if (isDone) await endRemoval(db, removal);
}

/** Goes on with the removals whose caller died, or had too many documents before it. */
export async function finishRemovals(bucket: R2Bucket, db: Db): Promise<void> {
  for (const removal of await readRemovals(db, REMOVALS_A_RUN)) {
    await carryOut(bucket, db, removal).catch((error: unknown) =>
      console.error("documents not removed", removal.groupId, error),
    );
  }
}
