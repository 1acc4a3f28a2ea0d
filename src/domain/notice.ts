import type { Group } from "./group.ts";
import type { Job } from "./job.ts";

export const NOTICE_EVENTS = [
  "job.completed",
  "job.failed",
  "job_group.completed",
  "job_group.failed",
  "job_group.cancelled",
  "job_group.paused",
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** Events that a webhook must name. They came later, and one for each completed job is much. */
const OPT_IN: ReadonlySet<NoticeEvent> = new Set(["job.completed", "job_group.paused"]);

/** The events of a webhook that names none. */
export const USUAL_EVENTS = NOTICE_EVENTS.filter((event) => !OPT_IN.has(event));

/** An event that others are told of. It is stored in the same transaction as the change that causes it. */
export type Notice = JobNotice | GroupNotice;

interface Announced {
  readonly at: number;
  /** The group at the event, whatever it becomes later. */
  readonly group: Group;
  /** The addresses that get an e-mail, by the group's settings. */
  readonly recipients: readonly string[];
}

type JobNoticeEvent = "job.completed" | "job.failed";

interface JobNotice extends Announced {
  readonly event: JobNoticeEvent;
  readonly job: Job;
}

interface GroupNotice extends Announced {
  readonly event: Exclude<NoticeEvent, JobNoticeEvent>;
  readonly job: null;
}

/** A job is completed. Nobody gets an e-mail. */
export const jobCompleted = (group: Group, job: Job, at: number): Notice => ({
  event: "job.completed",
  at,
  group,
  job,
  recipients: [],
});

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
