import { createRoute, type z } from "@hono/zod-openapi";
import { execute } from "../../coordinator/stub.ts";
import type { Idempotency } from "../../coordinator/protocol.ts";
import { replyWith } from "../../domain/claim.ts";
import type { ClaimReply, Lease } from "../../domain/commands.ts";
import { readClaimableGroups, readClaimReason } from "../../store/read/claimable.ts";
import { connect } from "../../store/db.ts";
import { readReceipts } from "../../store/read/receipts.ts";
import type { App, AppContext } from "../../http/app-types.ts";
import { requires } from "../../http/auth/requires.ts";
import { session } from "../../http/headers/bookmark.ts";
import {
  IdempotencyHeader,
  idempotencyOf,
  REPLAYED_HEADER,
} from "../../http/headers/idempotency.ts";
import { maxBody } from "../../http/input/limits.ts";
import { presentClaim } from "./present.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { body, json } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { ClaimBody, ClaimResponse } from "./schema.ts";
import { claimCommand } from "./claim-jobs.ts";

const route = createRoute({
  operationId: "claimAnyJobs",
  method: "post",
  path: "/ocr-invoice-job-group/jobs/claim",
  tags: ["Processing"],
  summary: "Claim jobs of any group",
  description:
    "As claimJobs, over all groups: `urgent` before `high` before `medium` before `low`, the older group " +
    "first. A group that is full or backing off is passed over. The leases may come from several groups.",
  request: { query: NoQuery, headers: IdempotencyHeader, body: body(ClaimBody) },
  ...requires("jobs:process", maxBody(64)),
  responses: {
    200: { ...json(ClaimResponse, "The leases granted."), headers: REPLAYED_HEADER },
    ...refusals(...BODY_PROBLEMS, "IDEMPOTENCY_KEY_REUSED"),
  },
});

export const claimAnyJobs = (app: App) =>
  app.openapi(route, async (c) => {
    const claim = c.req.valid("json");
    const idempotency = await idempotencyOf(c, route.operationId, claim);
    const replayed = idempotency && (await replay(c, idempotency));
    const leases = replayed ?? (await lease(c, claim, idempotency));
    if (replayed !== undefined) c.header("idempotent-replayed", "true");
    if (leases.length > 0) return c.json(presentClaim(replyWith(leases)), 200);
    const why = await readClaimReason(connect(c.env.DB), c.get("principal").workspace);
    return c.json(presentClaim({ leases, ...why }), 200);
  });

/** The leases granted under this key before, by all groups that were asked. */
async function replay(c: AppContext, idempotency: Idempotency): Promise<Lease[] | undefined> {
  const { workspace } = c.get("principal");
  const receipts = await readReceipts(session(c), { workspace, ...idempotency }, Date.now());
  if (receipts.length === 0) return undefined;
  if (receipts.some(({ fingerprint }) => fingerprint !== idempotency.fingerprint)) {
    throw new ProblemError("IDEMPOTENCY_KEY_REUSED");
  }
  return receipts.flatMap(({ reply }) => (JSON.parse(reply) as ClaimReply).leases);
}

async function lease(
  c: AppContext,
  claim: z.output<typeof ClaimBody>,
  idempotency: Idempotency | undefined,
): Promise<Lease[]> {
  const leases: Lease[] = [];
  try {
    await leaseInto(leases, c, claim, idempotency);
  } catch (error) {
    // What groups have leased already must reach the processor.
    if (leases.length === 0) throw error;
    console.error("claim cut short", c.get("requestId"), error);
  }
  return leases;
}

/** Asks one group after the other until enough is leased or none is left that has work. */
async function leaseInto(
  leases: Lease[],
  c: AppContext,
  { workerId, maxJobs }: z.output<typeof ClaimBody>,
  idempotency: Idempotency | undefined,
): Promise<void> {
  const { workspace } = c.get("principal");
  const asked: string[] = [];
  for (;;) {
    const groups = await readClaimableGroups(connect(c.env.DB), workspace, asked, Date.now());
    if (groups.length === 0) return;
    for (const groupId of groups) {
      const command = claimCommand(workerId, maxJobs - leases.length);
      const key = idempotency && { idempotency: { ...idempotency, position: asked.length } };
      const outcome = await execute(c.env, { groupId, workspace, command, ...key });
      if (outcome.ok) {
        leases.push(...outcome.reply.leases);
        const { bookmark } = outcome;
        if (bookmark !== undefined) c.set("bookmark", () => bookmark);
      }
      // A group that was deleted meanwhile has nothing to lease.
      else if (outcome.refusal.code !== "GROUP_NOT_FOUND") {
        throw new ProblemError(outcome.refusal.code, outcome.refusal.detail);
      }
      if (leases.length >= maxJobs) return;
      asked.push(groupId);
    }
    if (asked.length >= MAX_ASKED) return;
  }
}

/** Where many processors race for few jobs, a call gives up after as many groups without enough. */
const MAX_ASKED = 50;
