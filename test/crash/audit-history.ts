import { costOf, type Grant, type Ledger, OUTCOMES } from "./ledger.ts";

const MOST_ENTRIES = 20;

interface Row {
  readonly id: string;
  readonly status: string;
  readonly cost_micros: number | null;
  readonly history: string | null;
}

interface Entry {
  readonly outcome: string;
  readonly costMicros: number | null;
}

/** Holds a job's history against its cost and, once its group has ended, against what became of its leases. */
export function auditHistory(job: Row, leases: readonly Grant[], ledger: Ledger, ended: boolean) {
  const entries = entriesOf(job);
  const sum = entries.reduce((all, { costMicros }) => all + (costMicros ?? 0), 0);
  if (entries.length < MOST_ENTRIES && sum !== (job.cost_micros ?? 0)) {
    ledger.violate("costs unlike the history", job);
  }
  if (!ended) return;
  const kept = entries.map(({ outcome, costMicros }) => `${outcome} ${costMicros ?? 0}`);
  const inOrder = leases.toSorted((a, b) => a.receivedAt - b.receivedAt).slice(-MOST_ENTRIES);
  const told = inOrder.map(({ report }) =>
    report === null ? ["timed_out 0"] : [`${OUTCOMES[report.kind]} ${costOf(report)}`],
  );
  // The last lease of a cancelled job may have been its holder's until then.
  const last = inOrder.at(-1)?.report === null && ledger.cancelled.has(job.id);
  if (last) told.at(-1)?.push("cancelled 0");
  const isAsTold = kept.length === told.length && kept.every((end, n) => told[n]?.includes(end));
  if (!isAsTold) ledger.violate("history unlike the reports", job, told);
}

/** A job that completed at its first attempt tells it by its own fields. */
function entriesOf({ status, cost_micros: costMicros, history }: Row): Entry[] {
  if (history !== null) return JSON.parse(history) as Entry[];
  return status === "completed" ? [{ outcome: "completed", costMicros }] : [];
}
