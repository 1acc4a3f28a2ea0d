import { and, count, desc, eq } from "drizzle-orm";
import type { Delivery, DeliveryStatus } from "../../domain/delivery.ts";
import type { GroupKey } from "../../domain/group.ts";
import type { Db } from "../db.ts";
import { ofGroup, toDelivery } from "../delivery-rows.ts";
import { delivery } from "../schema.ts";

/** Reads a page of a group's deliveries, latest run first, and counts all that match. */
export async function readDeliveries(
  db: Db,
  group: GroupKey,
  page: { status: DeliveryStatus | undefined; limit: number; offset: number },
): Promise<{ deliveries: Delivery[]; total: number }> {
  const chosen = and(ofGroup(group), page.status && eq(delivery.status, page.status));
  const [rows, [counted]] = await db.batch([
    db
      .select()
      .from(delivery)
      .where(chosen)
      .orderBy(desc(delivery.id))
      .limit(page.limit)
      .offset(page.offset),
    db.select({ total: count() }).from(delivery).where(chosen),
  ]);
  return { deliveries: rows.map((row) => toDelivery(group, row)), total: counted?.total ?? 0 };
}
