import type { z } from "@hono/zod-openapi";
import type { Config } from "../../config.ts";
import type { GroupInput } from "../../domain/group.ts";
import { toMicros } from "../../domain/money.ts";
import type { JobGroupInput } from "./schema.ts";

type Body = z.output<typeof JobGroupInput>;

/** Converts a request body to the domain's input, with the defaults that the configuration gives. */
export const toGroupInput = (body: Body, { retentionDays }: Config): GroupInput => ({
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
  retentionDays: body.retentionDays ?? retentionDays ?? null,
});

/**
 * The part of the input that tells one creation from another under the same Idempotency-Key. A field newer than the
 * first version is left out while the body does not have it, so that a key used then is still known.
 */
export function identityOf(input: GroupInput, body: Body): object {
  const { maxFailureRate, maxCostMicros, retentionDays: _, ...first } = input;
  return {
    ...first,
    ...(maxFailureRate !== null && { maxFailureRate }),
    ...(maxCostMicros !== null && { maxCostMicros }),
    ...(body.retentionDays !== undefined && { retentionDays: body.retentionDays }),
  };
}

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
