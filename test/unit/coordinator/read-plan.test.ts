import { describe, expect, it } from "vitest";
import type { Cache } from "../../../src/coordinator/cache.ts";
import { readPlan } from "../../../src/coordinator/read-plan.ts";
import type { Command } from "../../../src/domain/commands.ts";
import { fail, SETTINGS } from "../domain/helpers.ts";
import { Desk } from "../domain/desk.ts";

const NOW = Date.UTC(2026, 0, 2);

/** A group of workspace acme with one job that waits for its second attempt, as it lies in the cache. */
function cached(patch: Partial<Cache> = {}): Cache {
  const desk = new Desk();
  desk.add(1);
  desk.send({ kind: "open" });
  desk.send(fail(desk.take()));
  return {
    ...desk.state,
    revision: "r",
    allWaiting: true,
    rowid: 1,
    isSmall: true,
    hearsCompletions: false,
    ...patch,
  };
}

const planOf = (command: Command, cache: Cache | null, patch: object = {}) => {
  const request = { groupId: "g", workspace: "acme", shard: 0, command, ...patch };
  return readPlan(
    { groupId: "g", shard: 0, requests: [request], attempt: 0, unanswered: false },
    cache,
    NOW,
  );
};
const claim: Command = { kind: "claim", workerId: "w", maxJobs: 1, leaseIds: ["l"] };
const create: Command = { kind: "create", id: "g", input: SETTINGS };

describe("a batch reads", () => {
  it("the group when nothing is in the cache, and not when it is", () => {
    expect(planOf({ kind: "open" }, null)).toMatchObject({ group: true, workspace: "acme" });
    expect(planOf({ kind: "open" }, cached())).toMatchObject({ group: false });
  });

  it("neither group nor receipt to create one, unless an attempt has failed", () => {
    const idempotency = { operation: "createJobGroup", keyHash: "k", fingerprint: "f" };
    expect(planOf(create, null, { idempotency })).toMatchObject({ group: false, receipts: [] });
    const requests = [{ groupId: "g", workspace: "acme", shard: 0, command: create, idempotency }];
    const again = { groupId: "g", shard: 0, attempt: 1, unanswered: true, requests };
    expect(readPlan(again, null, NOW)).toMatchObject({ group: true, receipts: [{ keyHash: "k" }] });
  });

  it("waiting jobs for a claim, unless the cache knows that none of them may be claimed now", () => {
    expect(planOf(claim, null)).toMatchObject({ waiting: true });
    expect(planOf(claim, cached())).toMatchObject({ waiting: true });
    expect(planOf(claim, cached({ waiting: new Map() }))).toMatchObject({ waiting: false });
    const incomplete = { waiting: new Map(), allWaiting: false };
    expect(planOf(claim, cached(incomplete))).toMatchObject({ waiting: true });
  });

  it("no waiting jobs for a workspace that the group does not belong to", () => {
    const foreign = planOf(claim, cached(), { workspace: "other" });
    expect(foreign).toMatchObject({ waiting: false, unclaimed: false });
  });
});
