import type { z } from "@hono/zod-openapi";
import type { GroupInput } from "../../domain/group.ts";
import type { JobGroupInput } from "../schemas/group.ts";

/** What a client sent, as the domain has it. */
export const toGroupInput = (body: z.output<typeof JobGroupInput>): GroupInput => ({
  name: body.name,
  description: body.description ?? null,
  batchNumber: body.batchNumber ?? null,
  template: body.template,
  priority: body.priority,
  ...body.processingSettings,
  ...body.notifications,
  createdBy: body.createdBy ?? null,
  assignedTo: body.assignedTo ?? null,
  tags: body.tags,
  metadata: JSON.stringify(body.metadata),
});
