import type { JobRow } from "./recount.ts";
import { costOf, type Grant, type Ledger, OUTCOMES } from "./ledger.ts";

const MOST_ENTRIES = 20;

interface Entry {
  readonly workerId: string | null;
  readonly leasedAt: number | null;
  readonly outcome: string;
  readonly costMicros: number | null;
}

/** Holds a job's history against its cost and, once its group has ended, against what became of its leases. */
export function auditHistory(
  job: JobRow,
  leases: readonly Grant[],
  ledger: Ledger,
  ended: boolean,
) {
  const entries = entriesOf(job);
  const sum = entries.reduce((all, { costMicros }) => all + (costMicros ?? 0), 0);
  if (entries.length < MOST_ENTRIES && sum !== (job.cost_micros ?? 0)) {
    ledger.violate("costs unlike the history", job);
  }
  if (!ended) return;
  // The answer to a claim may have come after the lease had ended and another had begun: entries are known by their claims.
  const byClaim = new Map(leases.map((lease) => [lease.workerId, lease]));
  const isAsTold = entries.every(({ workerId, outcome, costMicros }, index) => {
    const { report } = byClaim.get(workerId ?? "") ?? {};
    byClaim.delete(workerId ?? "");
    if (report === undefined) return false;
    // The last lease of a cancelled job may have been its holder's until then.
    const isLast = index === entries.length - 1;
    if (report === null && isLast && ledger.cancelled.has(job.id) && outcome === "cancelled") {
      return costMicros === null;
    }
    const told = report === null ? ["timed_out", 0] : [OUTCOMES[report.kind], costOf(report)];
    return outcome === told[0] && (costMicros ?? 0) === told[1];
  });
  const isInOrder = entries.every(
    ({ leasedAt }, index) => (entries[index - 1]?.leasedAt ?? 0) <= (leasedAt ?? 0),
  );
  const isWhole = entries.length === Math.min(leases.length, MOST_ENTRIES);
  if (!isAsTold || !isInOrder || !isWhole) {
    ledger.violate("history unlike the reports", job, leases);
  }
}

/** A job that completed at its first attempt tells it by its own fields. */
function entriesOf({ status, cost_micros, leased_at, worker_id, history }: JobRow): Entry[] {
  if (history !== null) return JSON.parse(history) as Entry[];
  return status === "completed"
    ? [
        {
          workerId: worker_id,
          leasedAt: leased_at,
          outcome: "completed",
          costMicros: cost_micros,
        },
      ]
    : [];
}
