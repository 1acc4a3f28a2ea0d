import type { Mutant } from "./mutant.ts";

export const domainMutants: readonly Mutant[] = [
  {
    name: "no lease check",
    file: "src/domain/report.ts",
    find: 'if (job.leaseId !== command.leaseId || job.leaseOutcome === "voided") {',
    replace: 'if (job.leaseOutcome === "voided") {',
    killedBy: {
      file: "test/unit/domain/attempts.test.ts",
      test: "is settled by its own lease only",
    },
  },
  {
    name: "a voided lease may report",
    file: "src/domain/report.ts",
    find: ' || job.leaseOutcome === "voided") {',
    replace: ") {",
    killedBy: {
      file: "test/unit/domain/pitfalls.test.ts",
      test: "its lease ran out and the job was claimed again|every lease is void",
    },
  },
  {
    name: "a repeated report counts again",
    file: "src/domain/report.ts",
    find: "if (job.leaseOutcome !== null) return repeated",
    replace: 'if (job.leaseOutcome === "voided") return repeated',
    killedBy: { file: "test/unit/domain/pitfalls.test.ts", test: "when a report is sent twice" },
  },
  {
    name: "a repeat strands the next lease",
    file: "src/domain/report.ts",
    find: "heldLease(state, wanted)",
    replace: "undefined",
    killedBy: {
      file: "test/unit/domain/properties.test.ts",
      test: "answers a repeated report as a duplicate",
    },
  },
  {
    name: "one lease, two outcomes",
    file: "src/domain/report.ts",
    find: "if (settled === OUTCOMES[command.kind]) {",
    replace: "if (settled in OUTCOMES || command.kind in OUTCOMES) {",
    killedBy: {
      file: "test/unit/domain/attempts.test.ts",
      test: "can report one outcome only under its lease",
    },
  },
  {
    name: "double cost",
    file: "src/domain/report.ts",
    find: "group.totalCostMicros + (costMicros ?? 0)",
    replace: "group.totalCostMicros + 2 * (costMicros ?? 0)",
    killedBy: {
      file: "test/unit/domain/pitfalls.test.ts",
      test: "cost, pages and time are counted once",
    },
  },
  {
    name: "any currency",
    file: "src/domain/report.ts",
    find: "command.currency !== null && command.currency !== currency",
    replace: 'command.currency === ""',
    killedBy: { file: "test/unit/domain/attempts.test.ts", test: "is fixed by the first cost" },
  },
  {
    name: "retry off by one",
    file: "src/domain/attempts.ts",
    find: "job.attempts < 1 + group.retryCount",
    replace: "job.attempts <= 1 + group.retryCount",
    killedBy: {
      file: "test/unit/domain/attempts.test.ts",
      test: "is made 1 . retryCount times at most",
    },
  },
  {
    name: "a time-out is not an attempt",
    file: "src/domain/attempts.ts",
    find: "live = withConsequences(failAttempt(live, job, failure, now), now);",
    replace:
      "live = withConsequences(failAttempt(live, { ...job, attempts: 0 }, failure, now), now);",
    killedBy: {
      file: "test/unit/domain/attempts.test.ts",
      test: "that timed out counts like a failed one",
    },
  },
  {
    name: "leases never run out",
    file: "src/domain/attempts.ts",
    find: "job.attemptEndsAt > now) continue",
    replace: "job.attemptEndsAt > 0) continue",
    killedBy: { file: "test/unit/domain/attempts.test.ts", test: "runs out at timeoutMinutes" },
  },
  {
    name: "a release counts",
    file: "src/domain/report.ts",
    find: "attempts: job.attempts - 1,",
    replace: "attempts: job.attempts,",
    killedBy: {
      file: "test/unit/domain/attempts.test.ts",
      test: "that was released is not counted",
    },
  },
  {
    name: "claim beyond the limit",
    file: "src/domain/claim.ts",
    find: "Math.min(room, command.maxJobs)",
    replace: "command.maxJobs",
    killedBy: {
      file: "test/unit/domain/properties.test.ts",
      test: "lets only a claim add to the jobs in processing",
    },
  },
  {
    name: "claim through a back-off",
    file: "src/domain/claim.ts",
    find: "(job.availableAt ?? now) <= now",
    replace: "(job.availableAt ?? now) <= Infinity",
    killedBy: {
      file: "test/unit/domain/properties.test.ts",
      test: "answers every command as the contract",
    },
  },
  {
    name: "failed is also pending",
    file: "src/domain/group.ts",
    find: 'failed: ["failedJobs"]',
    replace: 'failed: ["failedJobs", "pendingJobs"]',
    killedBy: {
      file: "test/unit/domain/pitfalls.test.ts",
      test: "it is failed and no longer pending",
    },
  },
  {
    name: "cancel leaves a lease alive",
    file: "src/domain/lifecycle.ts",
    find: 'job.status === "processing" ? "voided" : job.leaseOutcome',
    replace: "job.leaseOutcome",
    killedBy: { file: "test/unit/domain/pitfalls.test.ts", test: "every lease is void" },
  },
  {
    name: "completed although everything failed",
    file: "src/domain/state.ts",
    find: "group.completedJobs > 0 ?",
    replace: "group.completedJobs >= 0 ?",
    killedBy: {
      file: "test/unit/domain/lifecycle.test.ts",
      test: "is .failed. when every job failed",
    },
  },
  {
    name: "a reopened group is no new run",
    file: "src/domain/lifecycle.ts",
    find: "run: state.group.run + 1",
    replace: "run: state.group.run",
    killedBy: { file: "test/unit/domain/lifecycle.test.ts", test: "by a retry of its failed jobs" },
  },
  {
    name: "a known number is added again",
    file: "src/domain/add-jobs.ts",
    find: "wanted.jobNumber === null ? undefined : known",
    replace: "wanted.jobNumber !== null ? undefined : known",
    killedBy: {
      file: "test/unit/domain/pitfalls.test.ts",
      test: "the job is answered as existing",
    },
  },
  {
    name: "PUT overwrites a counter",
    file: "src/domain/decide.ts",
    find: "patchGroup(state, command.input)",
    replace: "patchGroup(state, { ...command.input, completedJobs: 0 })",
    killedBy: { file: "test/unit/domain/pitfalls.test.ts", test: "when the settings are replaced" },
  },
  {
    name: "announced by e-mail twice in a run",
    file: "src/domain/notice.ts",
    find: "group.runFailedJobs === 1",
    replace: "group.runFailedJobs >= 1",
    killedBy: {
      file: "test/unit/domain/notices.test.ts",
      test: "goes out by e-mail once a run",
    },
  },
  {
    name: "a key gives more than it has",
    file: "src/domain/api-key.ts",
    find: "if (beyond.length > 0) return",
    replace: "if (beyond.length > 4) return",
    killedBy: { file: "test/unit/domain/api-key.test.ts", test: "gives only scopes it has" },
  },
  {
    name: "a key gives another workspace",
    file: "src/domain/api-key.ts",
    find: "grantor.workspace !== undefined && workspace !== grantor.workspace",
    replace: 'workspace === ""',
    killedBy: { file: "test/unit/domain/api-key.test.ts", test: "only for its own workspace" },
  },
  {
    name: "an expired key works",
    file: "src/domain/api-key.ts",
    find: "now < expiresAt",
    replace: "expiresAt > 0",
    killedBy: { file: "test/workers/api-keys.test.ts", test: "a key stops when it expires" },
  },
  {
    name: "a revoked key works",
    file: "src/domain/api-key.ts",
    find: "revokedAt === null && ",
    replace: "",
    killedBy: { file: "test/workers/api-keys.test.ts", test: "where a key is revoked" },
  },
  {
    name: "an add whose answer was lost adds again",
    file: "src/domain/add-jobs.ts",
    find: "if (before !== null) return",
    replace: "if (before?.added === 0) return",
    killedBy: {
      file: "test/workers/faults.test.ts",
      test: "whose answer was lost, and after which another copy wrote",
    },
  },
  {
    name: "a claim whose answer was lost leases again",
    file: "src/domain/claim.ts",
    find: "if (held.length > 0) return",
    replace: "if (held.length > 99) return",
    killedBy: {
      file: "test/workers/faults.test.ts",
      test: "whose answer was lost, and after which another copy wrote",
    },
  },
  {
    name: "a deleted job's number is used again",
    file: "src/domain/add-jobs.ts",
    find: "firstIdAt(sequenceEnd(group) + added.length)",
    replace: "firstIdAt(group.totalJobs + added.length)",
    killedBy: { file: "test/unit/domain/properties.test.ts", test: "as the contract's model does" },
  },
  {
    name: "the cost of a deleted job stays in the sum",
    file: "src/domain/erase-job.ts",
    find: "group.totalCostMicros - (job.costMicros ?? 0)",
    replace: "group.totalCostMicros - (job.pages ?? 0) * 0",
    killedBy: {
      file: "test/unit/domain/properties.test.ts",
      test: "counts cost, pages and time once",
    },
  },
  {
    name: "a job that is being processed can be deleted",
    file: "src/domain/erase-job.ts",
    find: 'job.status === "queued" || job.status === "processing"',
    replace: 'job.status === "queued"',
    killedBy: { file: "test/unit/domain/properties.test.ts", test: "as the contract's model does" },
  },
];
