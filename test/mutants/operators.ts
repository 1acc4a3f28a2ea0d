import type { Mutant } from "./mutant.ts";

const PAUSE = "test/unit/domain/pause.test.ts";

export const operatorMutants: readonly Mutant[] = [
  {
    name: "a paused group leases a job",
    file: "src/domain/claim.ts",
    find: 'if (group.pausedAt !== null) return "paused";',
    replace: "",
    killedBy: { file: PAUSE, test: "gives no lease, not even with a report" },
  },
  {
    name: "a paused group stands in line",
    file: "src/store/read/claimable.ts",
    find: " || group.pausedAt !== null)",
    replace: ")",
    killedBy: {
      file: "test/workers/pause.test.ts",
      test: "claimAnyJobs passes over a paused group",
    },
  },
  {
    name: "a group ends paused",
    file: "src/domain/state.ts",
    find: "{ status, ...times, ...NOT_PAUSED }",
    replace: "{ status, ...times }",
    killedBy: { file: PAUSE, test: "is not paused any more when its last running job ends it" },
  },
  {
    name: "a resumed group is judged by the failures before",
    file: "src/domain/pause.ts",
    find: '    recentResults: "",\n',
    replace: "",
    killedBy: { file: PAUSE, test: "pauses a group at the first failure above the share" },
  },
  {
    name: "a few failures pause a group",
    file: "src/domain/brakes.ts",
    find: "const MIN_EVIDENCE = 20;",
    replace: "const MIN_EVIDENCE = 19;",
    killedBy: { file: PAUSE, test: "pauses a group at the first failure above the share" },
  },
  {
    name: "the share of failures is measured over the whole run",
    file: "src/domain/brakes.ts",
    find: ".slice(-WINDOW)",
    replace: "",
    killedBy: { file: PAUSE, test: "stops an outage that begins at job" },
  },
  {
    name: "a cost pauses a group again and again",
    file: "src/domain/brakes.ts",
    find: "  maxCostMicros !== pausedAtCostMicros &&\n",
    replace: "",
    killedBy: { file: PAUSE, test: "pauses a group once, with the report that reaches it" },
  },
  {
    name: "time in a pause counts for the estimate",
    file: "src/domain/estimate.ts",
    find: " - runPausedMs)",
    replace: ")",
    killedBy: { file: PAUSE, test: "has no estimate, and its pause does not slow" },
  },
  {
    name: "the second pause of a run is told to nobody",
    file: "src/notify/payload.ts",
    find: 'event === "job_group.paused" ? `${ofRun}.${at}` : ofRun',
    replace: "ofRun",
    killedBy: { file: "test/workers/pause.test.ts", test: "each pause of a run is told" },
  },
  {
    name: "a recount looks at what it is held against",
    file: "src/store/read/recount.ts",
    find: "coalesce(sum(cost_micros), 0) AS totalCostMicros",
    replace: "(SELECT total_cost_micros FROM job_group WHERE id = group_id) AS totalCostMicros",
    killedBy: {
      file: "test/workers/figures.test.ts",
      test: "that was changed behind the API's back",
    },
  },
  {
    name: "the errors of a group are counted from all its jobs",
    file: "src/store/read/job-errors.ts",
    find: "INDEXED BY job_failed",
    replace: "NOT INDEXED",
    killedBy: {
      file: "test/workers/figures.test.ts",
      test: "errors are counted by code, and only failed jobs are read",
    },
  },
  {
    name: "a dry run retries",
    file: "src/domain/retry.ts",
    find: "if (dryRun) return { ok: true, state, reply };",
    replace: "",
    killedBy: { file: "test/unit/domain/retry.test.ts", test: "only counts in a dry run" },
  },
  {
    name: "a retry ignores the code",
    file: "src/store/write/chosen-jobs.ts",
    find: "...(errorCodes === null ? [] : [sql`${code} IN ${among(errorCodes)}`]),",
    replace: "",
    killedBy: { file: "test/workers/retry-by-choice.test.ts", test: "a dry run shows the number" },
  },
  {
    name: "a completed job that is run again keeps counting its pages",
    file: "src/domain/retry.ts",
    find: "totalPages: group.totalPages - pages,",
    replace: "totalPages: group.totalPages,",
    killedBy: {
      file: "test/unit/domain/retry.test.ts",
      test: "takes a completed job out of counters",
    },
  },
  {
    name: "a retry shares its batch with reports before it",
    file: "src/coordinator/next-batch.ts",
    find: "|| isChosenRetry(command)",
    replace: "",
    killedBy: {
      file: "test/unit/coordinator/command-queue.test.ts",
      test: "begins a batch with a retry by choice",
    },
  },
  {
    name: "the number that a sweep moves is not checked",
    file: "src/store/write/job-writes.ts",
    find: "sweep.choice === null ? [retried] : [retried, assertChanged(sweep.jobs)]",
    replace: "[retried]",
    killedBy: {
      file: "test/workers/retry-by-choice.test.ts",
      test: "a sweep that would move another number",
    },
  },
  {
    name: "the result of a run before is shown with the new one",
    file: "src/store/write/job-writes.ts",
    find: "WHEN ${sql.raw(STATUS)} = 'completed' THEN NULL ELSE",
    replace: "ELSE",
    killedBy: {
      file: "test/workers/retry-by-choice.test.ts",
      test: "a completed job that is run again shows",
    },
  },
  {
    name: "a webhook's filter by template is not looked at",
    file: "src/store/write/insert-deliveries.ts",
    find: 'AND coalesce(${condition("template")}, ${template}) = ${template}',
    replace: "",
    killedBy: {
      file: "test/workers/webhook-filter.test.ts",
      test: "a webhook is called for the groups",
    },
  },
  {
    name: "a reopened group is deleted by its retention",
    file: "src/domain/retention.ts",
    find: " || !isEnded(group)",
    replace: "",
    killedBy: { file: "test/unit/domain/retention.test.ts", test: "a group that has not ended" },
  },
  {
    name: "a group is deleted before its retention is over",
    file: "src/domain/decide.ts",
    find: "(deletesAt(group) ?? Infinity) <= by",
    replace: "by > 0",
    killedBy: {
      file: "test/unit/domain/retention.test.ts",
      test: "is deleted only when it is due",
    },
  },
];
