import { expect, test } from "vitest";
import { metricsText } from "../../../src/api/metrics/metrics-text.ts";
import { metricsIn } from "../../../src/dashboard/groups/metrics.ts";

test("the dashboard reads from the metrics what the API writes into them", () => {
  const groups = (["low", "high"] as const).map((priority) => ({
    status: "queued" as const,
    priority,
    groups: 2,
  }));
  const metrics = {
    groups: [...groups, { status: "failed" as const, priority: "low" as const, groups: 1 }],
    pendingJobs: 30,
    processingJobs: 4,
    pausedGroups: 3,
    claimableSince: 1_000,
    deadNotifications: 7,
  };
  expect(metricsIn(metricsText(metrics, 91_000))).toEqual({
    groups: new Map([
      ["queued", 4],
      ["failed", 1],
    ]),
    pendingJobs: 30,
    processingJobs: 4,
    stoodMs: 90_000,
    pausedGroups: 3,
    deadNotifications: 7,
  });
});
