import type { GroupStatus, JobStatus } from "../data/types.ts";

const WORDS: Record<GroupStatus | JobStatus, string> = {
  created: "Created",
  queued: "Queued",
  processing: "Processing",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
};

export const statusWord = (status: GroupStatus | JobStatus): string => WORDS[status];

/** The word carries the meaning; the colour repeats it. */
export const Status = ({ status }: { status: GroupStatus | JobStatus }) => (
  <span class={`status status-${status}`}>{WORDS[status]}</span>
);
