import type { Group, GroupStatus, JobStatus } from "../data/types.ts";

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
export const Status = ({ status, outcome }: StatusProps) => (
  <span class={`status status-${outcome === "partial" ? outcome : status}`}>
    {outcome === "partial" ? "Partly completed" : WORDS[status]}
  </span>
);

interface StatusProps {
  readonly status: GroupStatus | JobStatus;
  readonly outcome?: Group["outcome"];
}
