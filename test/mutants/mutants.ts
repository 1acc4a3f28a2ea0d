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
      test: "an object that has forgotten",
    },
  },
  {
    name: "waiting jobs are forgotten",
    file: "src/coordinator/cache.ts",
    find: "allWaiting && ![...waiting.values()].some((availableAt) => availableAt <= now)",
    replace: "allWaiting || waiting.has(String(now))",
    killedBy: {
      file: "test/workers/claim-next.test.ts",
      test: "a job given back",
    },
  },
  {
    name: "fresh jobs are not read again",
    file: "src/coordinator/cache.ts",
    find: ".every((_, index) => known.has(group.freshFrom + index))",
    replace: ".every((_, index) => index >= 0 || known.has(0))",
    killedBy: {
      file: "test/workers/claim-next.test.ts",
      test: "far larger than what is read ahead",
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
  {
    name: "a notice outside the batch",
    file: "src/store/write/commit.ts",
    find: "    const all = [...groupWrites, ...announcements, ...writes];",
    replace:
      "    if (announcements.length > 0) await runBatch(db, announcements);\n" +
      "    const all = [...groupWrites, ...announcements, ...writes];",
    killedBy: {
      file: "test/workers/faults.test.ts",
      test: "another writer has overtaken with a result is not announced",
    },
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
    name: "no alarm before a commit with notices",
    file: "src/coordinator/group-coordinator.ts",
    find: "if (change.notices.length > 0) await",
    replace: "if (change.notices.length > 64) await",
    killedBy: {
      file: "test/workers/notifications.test.ts",
      test: "when the object dies before it sends",
    },
  },
  {
    name: "sent by two copies at once",
    file: "src/store/write/outbox.ts",
    find: "dueAt: until, attemptedAt: now",
    replace: "dueAt: now, attemptedAt: now",
    killedBy: { file: "test/workers/notifications.test.ts", test: "once, by two live copies" },
  },
  {
    name: "a redirect counts as delivered",
    file: "src/notify/send-webhook.ts",
    find: "status >= 200 && status < 300",
    replace: "status >= 200 && status < 400",
    killedBy: { file: "test/workers/notifications.test.ts", test: "ends dead and visible" },
  },
  {
    name: "groups of any workspace",
    file: "src/store/read/reads.ts",
    find: "and(eq(jobGroup.workspace, workspace), eq(jobGroup.id, groupId))",
    replace: "eq(jobGroup.id, groupId)",
    killedBy: { file: "test/workers/isolation.test.ts", test: "what another workspace has" },
  },
  {
    name: "a coordinator for any id",
    file: "src/api/send-command.ts",
    find: "if (!isId(groupId) || ",
    replace: "if (!isId(groupId) && ",
    killedBy: { file: "test/workers/isolation.test.ts", test: "what another workspace has" },
  },
  {
    name: "any scope will do",
    file: "src/http/auth/requires.ts",
    find: "if (!principal.scopes.includes(scope)) {",
    replace: "if (principal.scopes.length === 0) {",
    killedBy: {
      file: "test/workers/api-keys.test.ts",
      test: "refuses a key with every scope but its own",
    },
  },
  {
    name: "a key gives more than it has",
    file: "src/api/api-keys/create-api-key.ts",
    find: "if (beyond.length > 0) throw",
    replace: "if (beyond.length > 4) throw",
    killedBy: { file: "test/workers/api-keys.test.ts", test: "an administrator's key" },
  },
  {
    name: "a key gives another workspace",
    file: "src/api/api-keys/create-api-key.ts",
    find: "workspace !== principal.workspace && !isRoot(principal)",
    replace: 'workspace === ""',
    killedBy: { file: "test/workers/api-keys.test.ts", test: "an administrator's key" },
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
    name: "a key is remembered for longer",
    file: "src/http/auth/known-keys.ts",
    find: "REMEMBERED_MS = 60_000",
    replace: "REMEMBERED_MS = 61_000",
    killedBy: { file: "test/workers/api-keys.test.ts", test: "stops within that minute" },
  },
  {
    name: "a mistyped key is looked up",
    file: "src/http/auth/key-format.ts",
    find: "(await checksumOf(body)) === checksum",
    replace: "(await checksumOf(body)) !== body",
    killedBy: { file: "test/workers/api-keys.test.ts", test: "a mistyped key" },
  },
  {
    name: "a short root key",
    file: "src/http/auth/authenticate.ts",
    find: "root.length < MIN_ROOT_KEY_LENGTH",
    replace: "root.length === 0",
    killedBy: { file: "test/workers/api-keys.test.ts", test: "missing or short" },
  },
  {
    name: "an add whose answer was lost adds again",
    file: "src/domain/add-jobs.ts",
    find: "if (before !== null) return",
    replace: "if (before?.added === 0) return",
    killedBy: {
      file: "test/workers/faults.test.ts",
      test: "add whose answer was lost, and after which another copy wrote",
    },
  },
  {
    name: "a claim whose answer was lost leases again",
    file: "src/domain/claim.ts",
    find: "if (held.length > 0) return",
    replace: "if (held.length > 99) return",
    killedBy: {
      file: "test/workers/faults.test.ts",
      test: "claim whose answer was lost, and after which another copy wrote",
    },
  },
  {
    name: "an answer from memory alone",
    file: "src/coordinator/group-coordinator.ts",
    find: "if (this.#cache !== null && !(await isCurrent(",
    replace: "if (this.#cache === undefined && !(await isCurrent(",
    killedBy: {
      file: "test/workers/faults.test.ts",
      test: "an answer that changes nothing is given from what is stored",
    },
  },
  {
    name: "a receipt whatever became of its group",
    file: "src/store/write/receipts.ts",
    find: "WHERE EXISTS (SELECT 1 FROM job_group WHERE",
    replace: "WHERE TRUE OR EXISTS (SELECT 1 FROM job_group WHERE",
    killedBy: {
      file: "test/workers/faults.test.ts",
      test: "a commit to a group another copy has deleted stores no answer",
    },
  },
  {
    name: "a deletion without the fence",
    file: "src/store/write/commit.ts",
    find: "[fenced, db.delete(jobGroup).where(isGroup)]",
    replace: "[db.delete(jobGroup).where(isGroup)]",
    killedBy: {
      file: "test/workers/faults.test.ts",
      test: "another copy has moved stores no answer of its batch",
    },
  },
];
