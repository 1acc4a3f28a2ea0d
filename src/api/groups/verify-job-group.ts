import { createRoute, z } from "@hono/zod-openapi";
import { fromMicros } from "../../domain/money.ts";
import { isSame, type Tally, tallyOf } from "../../domain/tally.ts";
import { requires } from "../../http/auth/requires.ts";
import { dearCall } from "../../http/turns.ts";
import { operation } from "../../http/operation.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { count } from "../../http/shapes/fields.ts";
import { dataOf, json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { primarySession } from "../../http/database.ts";
import { recount } from "../../store/read/recount.ts";
import { VERIFICATION } from "../examples.ts";
import { GroupParams } from "../params.ts";
import { groupNotFound } from "../send-command.ts";
import { Counters } from "./schema.ts";

const TallyShape = z.strictObject({
  ...Counters,
  totalPages: count("Number of pages of the completed documents."),
  totalCost: z.number().min(0).openapi({ description: "Sum of the costs of all attempts." }),
  totalProcessingTime: z
    .number()
    .min(0)
    .openapi({ description: "Seconds from claim to report, over the completed documents." }),
});

const Verification = z
  .strictObject({
    consistent: z.boolean().openapi({ description: "`true` when every number is the same." }),
    stored: TallyShape.openapi({ description: "The numbers that the group shows." }),
    recounted: TallyShape.openapi({ description: "The same numbers, counted from the jobs." }),
  })
  .openapi("Verification", { example: VERIFICATION });

const route = createRoute({
  operationId: "verifyJobGroup",
  method: "get",
  path: "/ocr-invoice-job-group/{id}/verify",
  tags: ["Job groups"],
  summary: "Count a group's jobs anew",
  description:
    "Counts the jobs of the group, their pages and their costs, and shows the result beside the numbers that the " +
    "group keeps. Both are read at one point in time, also while the group runs. The numbers are always the same; " +
    "this operation is for those who want to see it. It reads every job, so the recounts of a workspace take turns.",
  request: { params: GroupParams, query: NoQuery },
  ...requires("groups:read", dearCall),
  responses: {
    200: json(dataOf(Verification), "The numbers kept and the numbers counted."),
    ...refusals("GROUP_NOT_FOUND"),
  },
});

export const verifyJobGroup = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const key = { workspace, groupId: c.req.valid("param").id };
  const result = await recount(primarySession(c), key);
  if (result === undefined) throw groupNotFound();
  const stored = tallyOf(result.group);
  const { recounted } = result;
  const consistent = isSame(stored, recounted);
  return ok(c, { data: { consistent, stored: present(stored), recounted: present(recounted) } });
});

const present = ({ totalCostMicros, totalProcessingMs, ...counted }: Tally) => ({
  ...counted,
  totalCost: fromMicros(totalCostMicros),
  totalProcessingTime: totalProcessingMs / 1000,
});
