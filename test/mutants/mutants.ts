/** A rule broken on purpose, and the test that must notice. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly killedBy: { readonly file: string; readonly test: string };
}

export const MUTANTS: readonly Mutant[] = [
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
    name: "the next lease is granted blindly",
    file: "src/coordinator/requests.ts",
    find: '"nextLeaseId" in command && command.nextLeaseId !== undefined',
    replace: "false",
    killedBy: {
      file: "test/workers/claim-next.test.ts",
      test: "works through a group",
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
    find: "live = settle(failAttempt(live, job, failure, now), now);",
    replace: "live = settle(failAttempt(live, { ...job, attempts: 0 }, failure, now), now);",
    killedBy: {
      file: "test/unit/domain/attempts.test.ts",
      test: "that timed out counts like a failed one",
    },
  },
  {
    name: "leases never run out",
    file: "src/domain/attempts.ts",
    find: "job.leaseExpiresAt > now) continue",
    replace: "job.leaseExpiresAt > 0) continue",
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
];
