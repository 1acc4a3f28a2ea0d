import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { oncePerKey } from "../../src/coordinator/once-per-key.ts";
import { replyWith } from "../../src/domain/claim.ts";
import { database, SHARD } from "../support/workers/database.ts";

test("of claims under one key that arrive together one runs, and the others answer what it leased", async () => {
  const idempotency = { operation: "claimAnyJobs", keyHash: crypto.randomUUID(), fingerprint: "f" };
  const claim = { workspace: "once", shard: SHARD, workerId: "w", maxJobs: 1, idempotency };
  let runs = 0;
  const run = async () => {
    runs++;
    // Longer than the other claims need to arrive.
    await scheduler.wait(300);
    await database
      .prepare("INSERT INTO receipt VALUES (?, ?, ?, 'g', 'f', 0, ?, NULL)")
      .bind("once", idempotency.operation, idempotency.keyHash, JSON.stringify(replyWith([])))
      .run();
    return { ok: true, reply: replyWith([]), replayed: false } as const;
  };
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => oncePerKey(env, claim, run)));
  expect(runs).toBe(1);
  expect(outcomes.filter((outcome) => outcome.ok && outcome.replayed)).toHaveLength(3);
});
