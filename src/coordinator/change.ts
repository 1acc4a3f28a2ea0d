import type { State } from "../domain/state.ts";
import { outgoing } from "../notify/payload.ts";
import type { Change } from "../store/write/commit.ts";
import { type DecidedBatch, receiptAt, showing } from "./decide-batch.ts";
import type { CommandRequest } from "./protocol.ts";
import { randomHex } from "../lib/hex.ts";

/** What has to be stored; `null` when nothing has changed. */
export function changeOf(
  before: State,
  decided: DecidedBatch,
  requests: readonly CommandRequest[],
  now: number,
): Change | null {
  const { after, sweep, withReceipt } = decided;
  if (after === before) return null;
  const group = after.group && { ...after.group, revision: randomHex(16) };
  const outcomes = showing(group, decided);
  const changedJobs = [...after.jobs.values()].filter((job) => before.jobs.get(job.id) !== job);
  return {
    before: before.group,
    after: group,
    insertedJobs: changedJobs.filter((job) => !before.jobs.has(job.id)),
    updatedJobs: changedJobs.filter((job) => before.jobs.has(job.id)),
    sweep,
    notices: after.notices.map(outgoing),
    receipts: withReceipt.flatMap((index) => receiptAt(index, requests, outcomes, now)),
    now,
  };
}
