import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Delivery, DeliveryKey } from "../domain/delivery.ts";
import type { GroupKey } from "../domain/group.ts";
import { delivery } from "./schema.ts";

/**
 * Matches a group's deliveries. The workspace is checked on the group's row: deliveries stored between the migration
 * that added the column `workspace` and the Worker that fills it have no value there.
 */
export const ofGroup = ({ workspace, groupId }: GroupKey): SQL =>
  sql`${delivery.groupId} = ${groupId}
    AND EXISTS (SELECT 1 FROM job_group WHERE job_group.id = ${groupId} AND workspace = ${workspace})`;

export const rowOf = (key: DeliveryKey): SQL | undefined =>
  and(ofGroup(key), eq(delivery.id, key.id));

export const toDelivery = (
  { workspace }: Pick<GroupKey, "workspace">,
  row: typeof delivery.$inferSelect,
): Delivery => ({ ...row, workspace });
