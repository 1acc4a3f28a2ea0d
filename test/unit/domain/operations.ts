import * as fc from "fast-check";
import type { Command, RetryChoice } from "../../../src/domain/commands.ts";
import type { Lease } from "../../../src/domain/replies.ts";
import type { Expense } from "../../../src/domain/ended-attempt.ts";
import type { GroupInput } from "../../../src/domain/group.ts";
import type { Desk } from "./desk.ts";
import { complete, fail, MINUTE, release, SETTINGS } from "./helpers.ts";

/** A step of a random history. The state it meets decides the job and the lease it is about. */
export type Operation =
  | { do: "add"; numbers: (string | null)[] }
  | { do: "open" | "expire" | "pause" | "resume" }
  | { do: "cancel"; picks: number[] | null }
  | Retrying
  | { do: "claim"; most: number; heartbeatSeconds: number | undefined }
  | { do: "beat"; picks: number[] }
  | { do: "erase"; pick: number }
  | { do: "update"; settings: Partial<GroupInput> }
  | { do: "wait"; ms: number }
  | Reported;

interface Retrying {
  do: "retry";
  choice: Pick<RetryChoice, "statuses" | "errorCodes"> | null;
  /** The places of chosen jobs; `null` for all. */
  picks: number[] | null;
  dryRun: boolean;
}

interface Reported {
  do: Reporting;
  lease: "open" | "any" | "foreign";
  pick: number;
  result: Expense;
  retryAfterSeconds: number | null;
  claimNext: boolean;
  unseen: boolean;
}

type Reporting = "complete" | "fail" | "fail for good" | "release";

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const report = fc.record({
  do: fc.constantFrom<Reporting>("complete", "complete", "fail", "fail for good", "release"),
  lease: fc.constantFrom("open", "open", "open", "any", "foreign"),
  pick: fc.nat(1_000),
  result: fc.record({
    pages: orNull(fc.nat(9)),
    costMicros: orNull(fc.nat(5_000_000)),
    currency: orNull(fc.constantFrom("USD", "USD", "EUR")),
  }),
  retryAfterSeconds: orNull(fc.constantFrom(0, 1, 90)),
  claimNext: fc.boolean(),
  unseen: fc.boolean(),
});

const settings = fc.record(
  {
    parallelJobs: fc.integer({ min: 1, max: 10 }),
    retryCount: fc.integer({ min: 0, max: 5 }),
    timeoutMinutes: fc.integer({ min: 5, max: 120 }),
    maxFailureRate: fc.constantFrom(null, 0.2, 0.5),
    maxCostMicros: fc.constantFrom(null, 1, 3_000_000, 9_000_000),
  },
  { requiredKeys: [] },
);

const wait = fc.oneof(
  fc.integer({ min: 1, max: 20_000 }),
  fc.integer({ min: MINUTE, max: 6 * MINUTE }),
  fc.constantFrom(30 * MINUTE - 1, 30 * MINUTE, 300 * MINUTE),
);

const retrying = fc.record({
  do: fc.constant("retry" as const),
  choice: orNull(
    fc.record({
      statuses: fc.subarray(["completed", "failed"] as const, { minLength: 1 }),
      errorCodes: orNull(fc.subarray(["unspecified", "timeout", "scan.blurred"], { minLength: 1 })),
    }),
  ),
  picks: orNull(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 3 })),
  dryRun: fc.boolean(),
});

export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 70, arbitrary: report },
  {
    weight: 40,
    arbitrary: fc.record({
      do: fc.constant("claim"),
      most: fc.integer({ min: 1, max: 10 }),
      heartbeatSeconds: fc.constantFrom(undefined, 15, 60, 600),
    }),
  },
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant("beat"),
      picks: fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 16, arbitrary: fc.record({ do: fc.constant("wait"), ms: wait }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("add"),
      numbers: fc.array(orNull(fc.constantFrom("1", "2", "3", "4")), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom("open", "expire") }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("pause", "resume", "resume") }) },
  { weight: 8, arbitrary: retrying },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("update"), settings }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("erase"), pick: fc.nat(1_000) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("cancel"),
      picks: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 3 }),
    }),
  },
  // Cancelling the group is rare, because it ends the history.
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel"), picks: fc.constant(null) }) },
);

/** The command for an operation. `null` when there is no lease it could be about. */
export function commandOf(
  operation: Operation,
  desk: Desk,
  issued: readonly Lease[],
): Command | null {
  switch (operation.do) {
    case "wait":
      desk.wait(operation.ms);
      return { kind: "expire" };
    case "add":
      return desk.adding(operation.numbers);
    case "claim": {
      const { most, heartbeatSeconds } = operation;
      return { ...desk.claiming(most), ...(heartbeatSeconds && { heartbeatSeconds }) };
    }
    case "beat": {
      const latest = issued.toReversed();
      const leases = operation.picks.flatMap((pick) => latest[pick] ?? []);
      return { kind: "beat", leases: leases.map(({ jobId, leaseId }) => ({ jobId, leaseId })) };
    }
    case "update":
      return { kind: "update", input: { ...SETTINGS, ...operation.settings } };
    case "erase": {
      const jobIds = [...desk.state.jobs.keys()];
      const jobId = jobIds[operation.pick % jobIds.length];
      return jobId === undefined ? null : { kind: "erase", jobId };
    }
    case "retry": {
      const { choice, picks, dryRun } = operation;
      const ids = [...desk.state.jobs.keys()];
      const jobIds = picks && picks.flatMap((pick) => ids[pick % ids.length] ?? []);
      return { kind: "retry", choice: choice && { ...choice, jobIds }, dryRun };
    }
    case "pause":
      return { kind: "pause", reason: null };
    case "cancel": {
      const ids = [...desk.state.jobs.keys()];
      const jobIds = operation.picks?.flatMap((pick) => ids[pick % ids.length] ?? []);
      return { kind: "cancel", ...(jobIds && { jobIds }) };
    }
    case "open":
    case "resume":
    case "expire":
      return { kind: operation.do };
    case "complete":
    case "fail":
    case "fail for good":
    case "release":
      return reportOf(operation, desk, issued);
  }
}

function reportOf(
  { do: kind, lease: of, pick, result, retryAfterSeconds, claimNext, unseen }: Reported,
  desk: Desk,
  issued: readonly Lease[],
): Command | null {
  const open = issued.filter(({ leaseId, jobId }) => {
    const job = desk.state.jobs.get(jobId);
    return job?.status === "processing" && job.leaseId === leaseId;
  });
  const from = of === "open" ? open : issued;
  const lease = from[pick % from.length];
  if (lease === undefined) return null;
  const leaseId = of === "foreign" ? desk.random(24) : lease.leaseId;
  const held = { jobId: lease.jobId, leaseId };
  if (kind === "complete") {
    return complete(held, { ...result, ...(claimNext && { nextLeaseId: `next-${leaseId}` }) });
  }
  return kind === "release"
    ? { ...release(held, retryAfterSeconds ?? 0, "busy"), ...(unseen && { unseen }) }
    : fail(held, kind === "fail", { ...result, errorCode: "scan.blurred", retryAfterSeconds });
}
