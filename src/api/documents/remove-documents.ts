import { configOf } from "../../config.ts";
import { carryOut } from "../../documents/removals.ts";
import type { AppContext } from "../../http/app-types.ts";
import { primary } from "../../http/database.ts";

/**
 * Removes the document of a deleted job, or the first thousand of a deleted group, whose key is `""`. The deletion is
 * committed and stands: the Cron Trigger removes what is left.
 */
export async function removeDocuments(
  c: AppContext,
  groupId: string,
  documentKey: string,
): Promise<void> {
  const { documents } = configOf(c.env);
  if (documents === undefined) return;
  const { workspace } = c.get("principal");
  const removal = { workspace, groupId, documentKey };
  const removed = carryOut(documents, primary(c), removal, 1);
  const done = removed.catch((error: unknown) =>
    console.error("documents are left to the sweep", groupId, error),
  );
  c.executionCtx.waitUntil(done);
  await done;
}
