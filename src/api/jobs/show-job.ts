import { ProblemError } from "../../http/problems/problem-error.ts";
import { parseObject } from "../../http/shapes/values.ts";
import type { Db } from "../../store/db.ts";
import { groupExists, readJob } from "../../store/read/reads.ts";
import { groupNotFound } from "../send-command.ts";
import { presentAttempt, presentJob } from "./present.ts";

/** Reads one job and shows it with its result and its history. */
export async function showJob(db: Db, workspace: string, groupId: string, jobId: string) {
  const found = await readJob(db, workspace, groupId, jobId);
  if (found === undefined) {
    if (!(await groupExists(db, workspace, groupId))) throw groupNotFound();
    throw new ProblemError("JOB_NOT_FOUND", "The group has no job with this id.");
  }
  const { job, history, beats } = found;
  const { extractedData } = job;
  return {
    ...presentJob(job, beats),
    ...(history.length > 0 && { history: history.map(presentAttempt) }),
    ...(extractedData !== null && { extractedData: parseObject(extractedData) }),
  };
}
