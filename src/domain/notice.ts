import type { Group } from "./group.ts";
import type { Job } from "./job.ts";

export const NOTICE_EVENTS = [
  "job.failed",
  "job_group.completed",
  "job_group.failed",
  "job_group.cancelled",
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** Something that others want to hear of: stored with the change that causes it, or not at all. */
export type Notice = JobNotice | GroupNotice;

interface Announced {
  readonly at: number;
  /** The group at the event, whatever it becomes later. */
  readonly group: Group;
  /** The addresses that get an e-mail, by the group's settings. */
  readonly recipients: readonly string[];
}

interface JobNotice extends Announced {
  readonly event: "job.failed";
  /** The job that failed for good. */
  readonly job: Job;
}

interface GroupNotice extends Announced {
  readonly event: Exclude<NoticeEvent, "job.failed">;
  readonly job: null;
}

/** A job failed for good; e-mail goes out for the first one of a run. */
export const jobFailed = (group: Group, job: Job, at: number): Notice => {
  const isFirst = group.runFailedJobs === 1;
  const recipients = isFirst && group.onFailure ? group.recipients : [];
  return { event: "job.failed", at, group, job, recipients };
};

/** The group has ended by itself. */
export const groupEnded = (group: Group, at: number): Notice => ({
  event: group.status === "completed" ? "job_group.completed" : "job_group.failed",
  at,
  group,
  job: null,
  recipients: group.onCompletion ? group.recipients : [],
});

/** Whoever cancels a group knows: no e-mail. */
export const groupCancelled = (group: Group, at: number): Notice => ({
  event: "job_group.cancelled",
  at,
  group,
  job: null,
  recipients: [],
});
