import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import type { Outcome } from "../../src/coordinator/protocol.ts";
import type { Command } from "../../src/domain/commands.ts";
import { randomHex } from "../../src/lib/hex.ts";
import {
  stubOf,
  request,
  send,
  inOneGo,
  adds,
  claims,
  NO_LEASE,
  completes,
  newGroup,
  leasesOf,
  stored,
  failsForGood,
  announced,
} from "../support/workers/commands.ts";
import { broken, interpose } from "../support/workers/faulty-d1.ts";
import { database } from "../support/workers/database.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("a commit that another copy has overtaken is decided again on what the other stored", async () => {
  const { id, leases } = await newGroup(1);
  const command = completes(leases[0] ?? NO_LEASE);
  interpose({
    write: async (run, nth) => {
      const other = env.GROUP_COORDINATOR.getByName(`second copy of ${id}`);
      if (nth === 0) await other.execute(request(id, command));
      return run();
    },
  });
  expect(await send(id, command)).toMatchObject({ ok: true, reply: { outcome: "duplicate" } });
  expect(await stored(id)).toMatchObject({ completedJobs: 1, totalPages: 2 });
});

test("a failure is not announced when another copy has stored a result first", async () => {
  const { id, leases } = await newGroup(1, { recipients: ["a@example.com"] });
  interpose({
    write: async (run, nth) => {
      const other = env.GROUP_COORDINATOR.getByName(`second copy of ${id}`);
      if (nth === 0) await other.execute(request(id, completes(leases[0] ?? NO_LEASE)));
      return run();
    },
  });
  const outcome = await send(id, failsForGood(leases[0]));
  expect(outcome).toMatchObject({ refusal: { code: "OUTCOME_CONFLICT" } });
  expect(await announced(id)).toEqual([]);
});

test("two live copies of a coordinator, writing at the same time, count every job once", async () => {
  const { id } = await newGroup(0, { parallelJobs: 10 });
  const copies = [stubOf(id), env.GROUP_COORDINATOR.getByName(`second copy of ${id}`)];
  vi.spyOn(console, "error").mockReturnValue();
  const insist = async (copy: (typeof copies)[number], command: Command): Promise<Outcome> => {
    const outcome = await copy.execute(request(id, command));
    const again = !outcome.ok && outcome.refusal.code === "UNAVAILABLE";
    return again ? insist(copy, command) : outcome;
  };
  const work = async (copy: (typeof copies)[number]) => {
    for (let round = 0; round < 15; round++) {
      await insist(copy, adds(1));
      const leases = await leasesOf(insist(copy, claims(1)) as Promise<Outcome<"claim">>);
      for (const lease of leases) await insist(copy, completes(lease));
    }
  };
  await Promise.all(copies.map(work));
  expect(await stored(id)).toMatchObject({ totalJobs: 34, processingJobs: 0 });
});

const RECEIPTS_OF = "SELECT count(*) AS n FROM receipt WHERE group_id = ?";

test("a commit that deletes a group another copy has moved stores no answer of its batch", async () => {
  const { id } = await newGroup(0);
  const idempotency = { operation: "claimJobs", keyHash: randomHex(64), fingerprint: "f" };
  interpose({
    write: async (run, nth) => {
      if (nth > 0) return broken();
      await database.prepare("UPDATE job_group SET revision = 'other' WHERE id = ?").bind(id).run();
      return run();
    },
  });
  const claimAndDelete = [
    request(id, { kind: "open" }),
    request(id, claims(1), { idempotency }),
    request(id, { kind: "delete" }),
  ];
  const settled = await inOneGo(id, claimAndDelete);
  expect(settled.map((each) => each.status === "fulfilled" && each.value.ok)).toEqual([
    true,
    false,
    false,
  ]);
  expect(await database.prepare(RECEIPTS_OF).bind(id).first("n")).toBe(0);
});

test("a commit to a group another copy has deleted stores no answer", async () => {
  const { id } = await newGroup(0);
  const idempotency = { operation: "claimJobs", keyHash: randomHex(64), fingerprint: "f" };
  interpose({
    write: async (run, nth) => {
      if (nth === 0) await database.prepare("DELETE FROM job_group WHERE id = ?").bind(id).run();
      return run();
    },
  });
  const refusal = { code: "GROUP_NOT_FOUND" };
  expect(await send(id, claims(1), { idempotency })).toMatchObject({ ok: false, refusal });
  expect(await database.prepare(RECEIPTS_OF).bind(id).first("n")).toBe(0);
});

test("an answer that changes nothing is given from what is stored, not from what one copy remembers", async () => {
  const { id } = await newGroup(1);
  const elsewhere = "UPDATE job_group SET revision = 'other', status = 'cancelled' WHERE id = ?";
  await database.prepare(elsewhere).bind(id).run();
  const refusal = { code: "GROUP_CANCELLED" };
  expect(await send(id, { kind: "open" })).toMatchObject({ ok: false, refusal });
  expect(await send(id, claims(1))).toMatchObject({ reply: { reason: "finished" } });
});
