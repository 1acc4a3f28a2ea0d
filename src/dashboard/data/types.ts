import type { Client } from "ocr-invoice-job-groups/client";

/** The body of an answer that succeeded. */
export type Success<R> = R extends { readonly ok: true; json(): Promise<infer Body> }
  ? Body
  : never;

type Refused<R> = R extends { readonly ok: false; json(): Promise<infer Body> } ? Body : never;
type Answer<Operation extends (...input: never[]) => Promise<unknown>> = Awaited<
  ReturnType<Operation>
>;

type Groups = Client["ocr-invoice-job-group"];
type OneGroup = Groups[":id"];

export type Group = Success<Answer<OneGroup["$get"]>>["data"];
export type GroupInput = Parameters<Groups["$post"]>[0]["json"];
export type GroupPage = Success<Answer<Groups["$get"]>>;
export type JobSummary = Success<Answer<OneGroup["jobs"]["$get"]>>["data"][number];
export type Job = Success<Answer<OneGroup["jobs"][":jobId"]["$get"]>>["data"];
export type NewJob = Parameters<OneGroup["jobs"]["$post"]>[0]["json"]["jobs"][number];
export type Notification = Success<Answer<OneGroup["notifications"]["$get"]>>["data"][number];
export type JobErrors = Success<Answer<OneGroup["errors"]["$get"]>>["data"][number];
export type Problem = Refused<Answer<Groups["$post"]>>;

export type GroupStatus = Group["status"];
export type JobStatus = JobSummary["status"];
export type Priority = Group["priority"];

export const GROUP_STATUSES = [
  "created",
  "queued",
  "processing",
  "completed",
  "failed",
  "cancelled",
] as const satisfies readonly GroupStatus[];

export const JOB_STATUSES = [
  "queued",
  "processing",
  "completed",
  "failed",
  "cancelled",
] as const satisfies readonly JobStatus[];

export const PRIORITIES = [
  "urgent",
  "high",
  "medium",
  "low",
] as const satisfies readonly Priority[];
