import type { z } from "@hono/zod-openapi";
import type { GroupInput } from "../../domain/group.ts";
import { toMicros } from "../../domain/money.ts";
import type { JobGroupInput } from "./schema.ts";

type Body = z.output<typeof JobGroupInput>;

/** Converts a request body to the domain's input. */
export const toGroupInput = (body: Body): GroupInput => ({
  name: body.name,
  description: body.description ?? null,
  batchNumber: body.batchNumber ?? null,
  template: body.template,
  priority: body.priority,
  ...processing(body.processingSettings),
  ...body.notifications,
  recipients: distinct(body.notifications.recipients),
  createdBy: body.createdBy ?? null,
  assignedTo: body.assignedTo ?? null,
  tags: body.tags,
  metadata: JSON.stringify(body.metadata),
});

const processing = ({ maxCost, maxFailureRate, ...settings }: Body["processingSettings"]) => ({
  ...settings,
  maxFailureRate: maxFailureRate ?? null,
  maxCostMicros: maxCost === undefined ? null : toMicros(maxCost),
});

/** Removes repeated addresses. Only the domain is compared without case. The first spelling is kept. */
function distinct(addresses: readonly string[]): string[] {
  const known = new Map<string, string>();
  for (const address of addresses) {
    const [user, domain = ""] = address.split("@");
    const key = `${user}@${domain.toLowerCase()}`;
    if (!known.has(key)) known.set(key, address);
  }
  return [...known.values()];
}
