import type { Mutant } from "./mutant.ts";

export const storeMutants: readonly Mutant[] = [
  {
    name: "a result is answered as it is stored",
    file: "src/store/read/results.ts",
    find: "extractedData: () => readable(row.stored),",
    replace: "extractedData: () => row.stored,",
    killedBy: { file: "test/workers/stored-result.test.ts", test: "byte for byte" },
  },
  {
    name: "a result in any format is read as the present one",
    file: "src/store/stored-result.ts",
    find: "if (bytes[0] !== FORMAT) throw",
    replace: "if (bytes.length === 0) throw",
    killedBy: { file: "test/unit/store/stored-result.test.ts", test: "not known is an error" },
  },
  {
    name: "all results of a page decoded into one text",
    file: "src/api/results/stream-results.ts",
    find: "if (text.length < TEXT_CHARACTERS) continue;",
    replace: "if (text.length < Infinity) continue;",
    killedBy: { file: "test/workers/stored-result.test.ts", test: "parts of bounded length" },
  },
  {
    name: "a notice outside the batch",
    file: "src/store/write/commit.ts",
    find: "    const all = [...groupWrites, ...announcements, ...writes];",
    replace:
      "    if (announcements.length > 0) await runBatch(db, announcements);\n" +
      "    const all = [...groupWrites, ...announcements, ...writes];",
    killedBy: {
      file: "test/workers/two-copies.test.ts",
      test: "a failure is not announced when another copy",
    },
  },
  {
    name: "sent by two copies at once",
    file: "src/store/write/outbox.ts",
    find: "dueAt: until, attemptedAt: now",
    replace: "dueAt: now, attemptedAt: now",
    killedBy: { file: "test/workers/outbox.test.ts", test: "once, when two live copies" },
  },
  {
    name: "groups of any workspace",
    file: "src/store/read/reads.ts",
    find: "and(eq(jobGroup.workspace, workspace), eq(jobGroup.id, groupId))",
    replace: "eq(jobGroup.id, groupId)",
    killedBy: { file: "test/workers/isolation.test.ts", test: "what another workspace has" },
  },
  {
    name: "a load from any workspace",
    file: "src/store/write/load.ts",
    find: "workspace === null ? undefined",
    replace: "workspace !== null ? undefined",
    killedBy: { file: "test/workers/workspace.test.ts", test: "every statement names" },
  },
  {
    name: "deliveries of any workspace",
    file: "src/store/delivery-rows.ts",
    find: "AND workspace = ${workspace})`",
    replace: ")`",
    killedBy: { file: "test/workers/workspace.test.ts", test: "every statement names" },
  },
  {
    name: "the errors of a group are read whatever its workspace",
    file: "src/store/read/job-errors.ts",
    find: "AND workspace = ${workspace} AND status",
    replace: "AND status",
    killedBy: { file: "test/workers/workspace.test.ts", test: "every statement names" },
  },
  {
    name: "a late outcome overwrites a newer one",
    file: "src/notify/outcome.ts",
    find: 'evenIfTakenAgain: attempt.ended === "delivered"',
    replace: "evenIfTakenAgain: true",
    killedBy: { file: "test/unit/notify/outcome.test.ts", test: "unless another sender has taken" },
  },
  {
    name: "waiting uses up the attempts",
    file: "src/notify/outcome.ts",
    find: "{ attempts: attempts - 1, dueAt, lastError",
    replace: "{ attempts, dueAt, lastError",
    killedBy: { file: "test/unit/notify/outcome.test.ts", test: "counts no attempt" },
  },
  {
    name: "a later change takes a job's result away",
    file: "src/store/write/job-writes.ts",
    find: "ELSE extracted_data END",
    replace: "END",
    killedBy: { file: "test/unit/store/job-writes.test.ts", test: "keeps its result" },
  },
  {
    name: "a receipt whatever became of its group",
    file: "src/store/write/receipts.ts",
    find: "WHERE EXISTS (SELECT 1 FROM job_group WHERE",
    replace: "WHERE TRUE OR EXISTS (SELECT 1 FROM job_group WHERE",
    killedBy: {
      file: "test/workers/two-copies.test.ts",
      test: "a commit to a group another copy has deleted stores no answer",
    },
  },
  {
    name: "a deletion without the fence",
    file: "src/store/write/commit.ts",
    find: "[fenced, db.delete(jobGroup).where(isGroup)]",
    replace: "[db.delete(jobGroup).where(isGroup)]",
    killedBy: {
      file: "test/workers/two-copies.test.ts",
      test: "another copy has moved stores no answer of its batch",
    },
  },
  {
    name: "a filter's line leaks other templates",
    file: "migrations/0009_pause_groups.sql",
    find: "filter.templates = '[]' OR template IN",
    replace: "TRUE OR template IN",
    killedBy: {
      file: "test/workers/claim-filter.test.ts",
      test: "reads no more rows than a claim without a filter",
    },
  },
  {
    name: "a group that changes its place stays in the old place of a filter's line",
    file: "migrations/0009_pause_groups.sql",
    find: "IS NOT (new.claim_rank, new.claim_order, new.due_at IS NULL, new.template, new.tags,",
    replace: "IS NOT (new.claim_rank, old.claim_order, new.due_at IS NULL, old.template, new.tags,",
    killedBy: { file: "test/workers/claim-filter.test.ts", test: "the lines stay exact" },
  },
  {
    name: "a fence that ignores beats",
    file: "src/store/write/fence.ts",
    find: "and(eq(jobGroup.revision, revision), eq(jobGroup.beats, beats))",
    replace:
      "and(eq(jobGroup.revision, revision), beats.size < 0 ? eq(jobGroup.beats, beats) : undefined)",
    killedBy: { file: "test/workers/silence.test.ts", test: "a copy that has not read a beat" },
  },
  {
    name: "the watchdog knows no silence",
    file: "src/store/read/lease-ends.ts",
    find: "CASE WHEN job.heartbeat_seconds IS NULL THEN",
    replace: "CASE WHEN TRUE THEN",
    killedBy: { file: "test/unit/store/overdue.test.ts", test: "when the domain says" },
  },
];
