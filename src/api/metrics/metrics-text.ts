import type { Metrics } from "../../store/read/metrics.ts";

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** The figures of a workspace in Prometheus' text format, version 0.0.4. Label values need no escapes: all are words. */
export function metricsText(metrics: Metrics, now: number): string {
  const { claimableSince } = metrics;
  const waitedMs = claimableSince === null ? 0 : Math.max(0, now - claimableSince);
  const gauges: readonly (readonly [name: string, help: string, samples: readonly Sample[]])[] = [
    [
      "ocr_job_groups",
      "Job groups.",
      metrics.groups.map(({ status, priority, groups }) => [{ status, priority }, groups]),
    ],
    [
      "ocr_jobs",
      "Jobs of groups that have not ended. Pending ones include those in processing.",
      [
        [{ state: "pending" }, metrics.pendingJobs],
        [{ state: "processing" }, metrics.processingJobs],
      ],
    ],
    [
      "ocr_oldest_claimable_seconds",
      "Seconds since the last change of the group that has stood still longest with a claimable job.",
      [[{}, waitedMs / 1000]],
    ],
    ["ocr_paused_job_groups", "Paused job groups.", [[{}, metrics.pausedGroups]]],
    ["ocr_notifications_dead", "Notifications given up.", [[{}, metrics.deadNotifications]]],
  ];
  return gauges
    .map(([name, help, samples]) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} gauge`,
        ...samples.map(([labels, value]) => `${name}${labelsText(labels)} ${value}`),
        "",
      ].join("\n"),
    )
    .join("");
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
