import { BODY_PROBLEMS } from "../../http/problems/refusals.ts";

/** The codes that every report of a job can answer. */
export const REPORT_PROBLEMS = [
  ...BODY_PROBLEMS,
  "GROUP_NOT_FOUND",
  "JOB_NOT_FOUND",
  "LEASE_LOST",
  "OUTCOME_CONFLICT",
] as const;
