import type { GroupInput } from "../../src/domain/group.ts";

/** The settings of a new group that has nothing out of the ordinary. */
export const GROUP_INPUT: GroupInput = {
  name: "Model",
  description: null,
  batchNumber: null,
  template: "t-1",
  priority: "medium",
  parallelJobs: 3,
  retryCount: 2,
  timeoutMinutes: 30,
  maxFailureRate: null,
  maxCostMicros: null,
  retentionDays: null,
  onCompletion: false,
  onFailure: true,
  recipients: [],
  createdBy: null,
  assignedTo: null,
  tags: [],
  metadata: "{}",
};
