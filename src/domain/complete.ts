import { countFinish } from "./attempts.ts";
import type { CompleteJob } from "./commands.ts";
import { book } from "./expense.ts";
import { withEnd } from "./history.ts";
import type { Job } from "./job.ts";
import { jobCompleted } from "./notice.ts";
import { announce, type LiveState, patchGroup, patchJob } from "./state.ts";

/** Ends the attempt of a leased job as successful. */
export function complete(state: LiveState, job: Job, command: CompleteJob, now: number): LiveState {
  const { pages, confidence, extractedData } = command;
  const booked = book(state, job, command);
  const processingMs = Math.max(0, now - (job.leasedAt ?? now));
  const end = { ...booked.expense, endedAt: now, errorCode: null, error: null };
  const done = patchJob(
    booked.state,
    withEnd(booked.job, { ...end, outcome: "completed" }),
    {
      status: "completed",
      leaseOutcome: "completed",
      attemptEndsAt: null,
      error: null,
      errorCode: null,
      pages,
      confidence,
      extractedData,
      processingMs,
      completedAt: now,
    },
    now,
  );
  const { group } = done;
  const counted = patchGroup(done, {
    totalPages: group.totalPages + (pages ?? 0),
    totalProcessingMs: group.totalProcessingMs + processingMs,
  });
  const finished = countFinish(counted, "completed", now);
  const notice = jobCompleted(finished.group, finished.jobs.get(job.id) ?? job, now);
  return announce(finished, notice);
}
