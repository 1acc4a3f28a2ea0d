/**
 * The calls that may cost the database more than a look-up by id, in such look-ups: those that read many rows, write many
 * rows, or go on for long. Every other call counts once.
 */
export const CALL_WEIGHTS: Readonly<Record<string, number>> = {
  listJobGroups: 10,
  listJobGroupJobs: 10,
  listNotifications: 5,
  listJobErrors: 10,
  findJobs: 10,
  getMetrics: 20,
  streamJobGroup: 10,
  verifyJobGroup: 50,
  exportResults: 50,
  addJobs: 5,
  uploadDocuments: 20,
  retryJobGroup: 20,
  cancelJobGroup: 20,
  deleteJobGroup: 20,
};

/** The calls of an operation in the limit of a workspace. */
export const callWeight = (operationId: string): number => CALL_WEIGHTS[operationId] ?? 1;
