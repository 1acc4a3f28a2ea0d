import type { Group } from "./group.ts";
import type { Job } from "./job.ts";

export const NOTICE_EVENTS = [
  "job.failed",
  "job_group.completed",
  "job_group.failed",
  "job_group.cancelled",
  "job_group.paused",
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** The events of a webhook that names none. `job_group.paused` came later, so it must be named. */
export const USUAL_EVENTS = NOTICE_EVENTS.filter((event) => event !== "job_group.paused");

/** An event that others are told of. It is stored in the same transaction as the change that causes it. */
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

/** A job has failed for good. Only the first such failure of a run is e-mailed. */
export const jobFailed = (group: Group, job: Job, at: number): Notice => {
  const isFirst = group.runFailedJobs === 1;
  const recipients = isFirst && group.onFailure ? group.recipients : [];
  return { event: "job.failed", at, group, job, recipients };
};

/** The group is `completed` or `failed`, because all its jobs are finished. */
export const groupEnded = (group: Group, at: number): Notice => ({
  event: group.status === "completed" ? "job_group.completed" : "job_group.failed",
  at,
  group,
  job: null,
  recipients: group.onCompletion ? group.recipients : [],
});

/** The group is cancelled. Nobody gets an e-mail, because a person who cancels a group knows of it. */
export const groupCancelled = (group: Group, at: number): Notice => ({
  event: "job_group.cancelled",
  at,
  group,
  job: null,
  recipients: [],
});

/** The group is paused. A person who pauses it knows of it, so only a pause of its own is e-mailed. */
export const groupPaused = (group: Group, at: number, byItself: boolean): Notice => ({
  event: "job_group.paused",
  at,
  group,
  job: null,
  recipients: byItself && group.onFailure ? group.recipients : [],
});
