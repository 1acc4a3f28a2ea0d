import type { Group, GroupInput } from "./group.ts";
import { createGroup } from "./lifecycle.ts";

/** The workspace of a group that is being removed. No caller has it, so none sees the group. */
export const NO_WORKSPACE = "";

export const isBeingRemoved = ({ workspace }: Group): boolean => workspace === NO_WORKSPACE;

/** A group with more than this is removed in steps, not in the commit that deletes it. */
export const REMOVED_AT_ONCE = {
  jobs: 1_000,
  notices: 1_000,
  receipts: 500,
  /** Bytes of results, metadata and histories. They are summed only when there are more jobs than `uncountedJobs`. */
  bytes: 3_000_000,
  uncountedJobs: 40,
} as const;

/** All that stays of a group until its jobs are removed, which refer to it. */
export const remainsOf = ({ id, createdAt }: Group): Group => ({
  ...createGroup(id, NO_WORKSPACE, NO_INPUT, createdAt),
  status: "cancelled",
});

const NO_INPUT: GroupInput = {
  name: "",
  description: null,
  batchNumber: null,
  template: "",
  priority: "low",
  parallelJobs: 1,
  retryCount: 0,
  timeoutMinutes: 5,
  maxFailureRate: null,
  maxCostMicros: null,
  retentionDays: null,
  onCompletion: false,
  onFailure: false,
  recipients: [],
  createdBy: null,
  assignedTo: null,
  tags: [],
  metadata: "{}",
};
