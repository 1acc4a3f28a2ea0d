import type { GroupStatus } from "../data/types.ts";

/** The figures of the workspace. */
export interface Metrics {
  readonly groups: ReadonlyMap<GroupStatus, number>;
  readonly pendingJobs: number;
  readonly processingJobs: number;
  /** The time for which the claimable work that stands longest has stood. */
  readonly stoodMs: number;
  readonly pausedGroups: number;
  readonly deadNotifications: number;
}

const SAMPLE = /^(\w+)(?:\{(.*)\})? (\S+)$/;

/** Reads Prometheus text as getMetrics writes it: its labels are words. */
export function metricsIn(text: string): Metrics {
  const groups = new Map<GroupStatus, number>();
  const others = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, name = "", labels = "", value] = SAMPLE.exec(line) ?? [];
    const status = /status="(\w+)"/.exec(labels)?.[1] as GroupStatus | undefined;
    if (status === undefined) others.set(name + labels, Number(value));
    else groups.set(status, (groups.get(status) ?? 0) + Number(value));
  }
  const of = (name: string) => others.get(name) ?? 0;
  return {
    groups,
    pendingJobs: of('ocr_jobsstate="pending"'),
    processingJobs: of('ocr_jobsstate="processing"'),
    stoodMs: 1_000 * of("ocr_oldest_claimable_seconds"),
    pausedGroups: of("ocr_paused_job_groups"),
    deadNotifications: of("ocr_notifications_dead"),
  };
}
