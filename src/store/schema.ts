import { sql } from "drizzle-orm";
import {
  check,
  customType,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import type { Scope } from "../domain/api-key.ts";
import type { EndedAttempt } from "../domain/ended-attempt.ts";
import { CHANNELS, DELIVERY_STATUSES } from "../domain/delivery.ts";
import { GROUP_STATUSES, PRIORITIES, type Priority } from "../domain/group.ts";
import { DOCUMENT_TYPES, JOB_STATUSES, type LeaseOutcome } from "../domain/job.ts";
import type { Beats } from "../domain/lease.ts";
import { NOTICE_EVENTS, type NoticeEvent } from "../domain/notice.ts";
import type { WebhookFilter } from "../domain/webhook.ts";
import { type GroupCursor, MOVE_PHASES, STOP_STATES } from "./move-phases.ts";

/** A priority is stored as its rank, so that SQL sorts it by urgency. */
const priorityRank = customType<{ data: Priority; driverData: number }>({
  dataType: () => "integer",
  toDriver: (priority) => PRIORITIES.indexOf(priority),
  fromDriver: (rank) => PRIORITIES[rank] ?? "medium",
});

/** A JSON object of times by lease id. */
const leaseBeats = customType<{ data: Beats; driverData: string }>({
  dataType: () => "text",
  toDriver: (beats) => JSON.stringify(Object.fromEntries(beats)),
  fromDriver: (json) => new Map(Object.entries(JSON.parse(json) as Record<string, number>)),
});

const milliseconds = integer;

/** One row for each group. Every commit to the group writes it. */
export const jobGroup = sqliteTable(
  "job_group",
  {
    // The search index refers to a row by this number. Declared, because VACUUM may renumber undeclared ones.
    rowid: integer().primaryKey(),
    id: text().notNull(),
    workspace: text().notNull(),
    // NOT NULL is the fence: a commit that did not read the latest revision sets NULL, and so aborts.
    revision: text().notNull(),
    // The revisions before, newest first, separated by spaces: a commit without an answer is found in them.
    recentRevisions: text("recent_revisions").notNull().default(""),
    name: text().notNull(),
    description: text(),
    batchNumber: text("batch_number"),
    template: text().notNull(),
    priority: priorityRank().notNull(),
    status: text({ enum: GROUP_STATUSES }).notNull(),
    totalJobs: integer("total_jobs").notNull(),
    erasedJobs: integer("erased_jobs").notNull().default(0),
    storedDocuments: integer("stored_documents").notNull().default(0),
    storedBytes: integer("stored_bytes").notNull().default(0),
    pendingJobs: integer("pending_jobs").notNull(),
    processingJobs: integer("processing_jobs").notNull(),
    completedJobs: integer("completed_jobs").notNull(),
    failedJobs: integer("failed_jobs").notNull(),
    cancelledJobs: integer("cancelled_jobs").notNull(),
    // This column and `due_at` keep their first names.
    firstUnclaimed: integer("fresh_from").notNull(),
    cancelledUnclaimed: integer("cancelled_unclaimed").notNull().default(0),
    claimableAt: milliseconds("due_at"),
    leasedJobs: text("leased_jobs", { mode: "json" }).$type<string[]>().notNull(),
    // Here and not in the jobs, so that all beats of a group are one written row.
    beats: leaseBeats()
      .notNull()
      .default(sql`'{}'`),
    parallelJobs: integer("parallel_jobs").notNull(),
    retryCount: integer("retry_count").notNull(),
    timeoutMinutes: integer("timeout_minutes").notNull(),
    maxFailureRate: real("max_failure_rate"),
    maxCostMicros: integer("max_cost_micros"),
    retentionDays: integer("retention_days"),
    // Computed from the two: see `deletesAt`. Groups that are kept for ever have none, and write no index.
    deletesAt: milliseconds("deletes_at"),
    totalPages: integer("total_pages").notNull(),
    totalCostMicros: integer("total_cost_micros").notNull(),
    currency: text(),
    totalProcessingMs: integer("total_processing_ms").notNull(),
    onCompletion: integer("on_completion", { mode: "boolean" }).notNull(),
    onFailure: integer("on_failure", { mode: "boolean" }).notNull(),
    recipients: text({ mode: "json" }).$type<string[]>().notNull(),
    createdBy: text("created_by"),
    assignedTo: text("assigned_to"),
    tags: text({ mode: "json" }).$type<string[]>().notNull(),
    metadata: text().notNull(),
    run: integer().notNull(),
    runStartedAt: milliseconds("run_started_at"),
    runFinishedJobs: integer("run_finished_jobs").notNull(),
    runFailedJobs: integer("run_failed_jobs").notNull().default(0),
    runFinishOffsetsMs: integer("run_finish_offsets_ms").notNull(),
    runPausedMs: integer("run_paused_ms").notNull().default(0),
    recentResults: text("recent_results").notNull().default(""),
    pausedAt: milliseconds("paused_at"),
    pauseReason: text("pause_reason"),
    pausedAtCostMicros: integer("paused_at_cost_micros"),
    createdAt: milliseconds("created_at").notNull(),
    updatedAt: milliseconds("updated_at").notNull(),
    startedAt: milliseconds("started_at"),
    completedAt: milliseconds("completed_at"),
    estimatedCompletionAt: milliseconds("estimated_at"),
    // The folded texts that `search` looks in. SQLite's own lower() knows ASCII only.
    searchText: text("search_text").notNull(),
    // The group's place in line while a job may be leased, now or later: see `placeInLine`. Columns of their own, so
    // that their index is written when the place changes, not with every job.
    claimRank: integer("claim_rank"),
    claimOrder: integer("claim_order"),
  },
  (group) => [
    uniqueIndex("job_group_by_id").on(group.id),
    // The sorts and filters of lists. Within a value each index lies by age, the usual order.
    index("job_group_by_created_at").on(group.workspace, group.createdAt, group.id),
    index("job_group_by_name").on(group.workspace, group.name, group.createdAt, group.id),
    index("job_group_by_priority").on(group.workspace, group.priority, group.createdAt, group.id),
    index("job_group_by_status").on(
      group.workspace,
      group.status,
      group.createdAt,
      group.id,
      group.priority,
    ),
    index("job_group_by_template").on(group.workspace, group.template, group.createdAt, group.id),
    index("job_group_by_batch_number")
      .on(group.workspace, group.batchNumber, group.createdAt, group.id)
      .where(sql`batch_number IS NOT NULL`),
    index("job_group_by_created_by")
      .on(group.workspace, group.createdBy, group.createdAt, group.id)
      .where(sql`created_by IS NOT NULL`),
    index("job_group_by_assigned_to")
      .on(group.workspace, group.assignedTo, group.createdAt, group.id)
      .where(sql`assigned_to IS NOT NULL`),
    index("job_group_claimable")
      .on(group.workspace, group.claimRank, group.claimOrder, group.id)
      .where(sql`claim_rank IS NOT NULL`),
    index("job_group_deletes_at")
      .on(group.deletesAt)
      .where(sql`deletes_at IS NOT NULL`),
    // For the quota of bytes: an upload writes it once, however many documents it has.
    index("job_group_stored")
      .on(group.workspace, group.storedBytes)
      .where(sql`stored_bytes > 0`),
    // For the watchdog. A status changes rarely, so the index is hardly ever written.
    index("job_group_processing")
      .on(group.id)
      .where(sql`status = 'processing'`),
    // For the watchdog too: hardly ever one.
    index("job_group_being_cancelled")
      .on(group.id)
      .where(sql`status = 'cancelled' AND pending_jobs > 0`),
    check(
      "job_group_counters_add_up",
      sql`total_jobs = pending_jobs + completed_jobs + failed_jobs + cancelled_jobs`,
    ),
    check(
      "job_group_counters_in_range",
      sql`0 <= processing_jobs AND processing_jobs <= pending_jobs AND completed_jobs >= 0 AND failed_jobs >= 0 AND cancelled_jobs >= 0`,
    ),
  ],
);

/** One row for each tag of a group, because JSON cannot have an index. Triggers keep it: see migration 0001. */
export const jobGroupTag = sqliteTable(
  "job_group_tag",
  {
    workspace: text().notNull(),
    tag: text().notNull(),
    createdAt: milliseconds("created_at").notNull(),
    groupId: text("group_id").notNull(),
  },
  (tag) => [primaryKey({ columns: [tag.workspace, tag.tag, tag.createdAt, tag.groupId] })],
);

/** The number of groups, so that no list counts a million rows to show 50. Triggers keep it: see migration 0001. */
export const jobGroupCount = sqliteTable(
  "job_group_count",
  {
    workspace: text().notNull(),
    status: text({ enum: GROUP_STATUSES }).notNull(),
    priority: priorityRank().notNull(),
    groups: integer().notNull(),
  },
  (counted) => [
    primaryKey({ columns: [counted.workspace, counted.status, counted.priority] }),
    check("job_group_count_in_range", sql`groups >= 0`),
  ],
);

/**
 * The workspaces of the groups in this database by the end of their names: whether a search can meet groups of others.
 * A trigger on `job_group_count` adds each once.
 */
export const searchScope = sqliteTable(
  "search_scope",
  { scope: text().notNull(), workspace: text().notNull() },
  ({ scope, workspace }) => [primaryKey({ columns: [scope, workspace] })],
);

/**
 * One row for each job. A group's jobs lie together in their order: see `job-keys.ts`. A trigger and the statements that
 * insert keep the reference to the group: a foreign key would need an index.
 */
export const job = sqliteTable(
  "job",
  {
    key: integer().primaryKey(),
    // Always 1. A Worker that gives no keys does not give it either, and is refused: SQLite would choose a key for it.
    keyed: integer().notNull(),
    // A statement that inserts reads it from the group's row: NOT NULL refuses the job of a group that is not there.
    groupId: text("group_id").notNull(),
    id: text().notNull(),
    workspace: text().notNull(),
    jobNumber: text("job_number"),
    documentName: text("document_name").notNull(),
    documentUrl: text("document_url"),
    documentType: text("document_type", { enum: DOCUMENT_TYPES }),
    metadata: text(),
    status: text({ enum: JOB_STATUSES }).notNull(),
    attempts: integer().notNull(),
    availableAt: milliseconds("available_at"),
    leaseId: text("lease_id"),
    leaseOutcome: text("lease_outcome").$type<LeaseOutcome>(),
    leasedAt: milliseconds("leased_at"),
    // The end of the attempt. A lease can end before it, by silence: `leaseEnd` computes that.
    attemptEndsAt: milliseconds("lease_expires_at"),
    heartbeatSeconds: integer("heartbeat_seconds"),
    workerId: text("worker_id"),
    error: text(),
    pages: integer(),
    costMicros: integer("cost_micros"),
    currency: text(),
    confidence: real(),
    processingMs: integer("processing_ms"),
    createdAt: milliseconds("created_at").notNull(),
    updatedAt: milliseconds("updated_at").notNull(),
    completedAt: milliseconds("completed_at"),
    errorCode: text("error_code"),
    deferrals: integer().notNull().default(0),
    documentKey: text("document_key"),
    documentSize: integer("document_size"),
    documentSha256: text("document_sha256"),
    // The two last lie behind the columns that claims and reports read, which need not follow them to overflow pages.
    // The attempts that have ended. NULL while the only one is a completion: see `historyOf`.
    history: text({ mode: "json" }).$type<EndedAttempt[]>(),
    extractedData: text("extracted_data"),
  },
  (job) => [
    // Unique in the group, which belongs to one workspace. It also finds a number in all groups of the workspace.
    uniqueIndex("job_by_number")
      .on(job.workspace, job.jobNumber, job.groupId)
      .where(sql`job_number IS NOT NULL`),
    // For the errors by code: a job that does not fail for good never writes it.
    index("job_failed")
      .on(job.groupId, job.errorCode)
      .where(sql`status = 'failed'`),
    index("job_waiting")
      .on(job.groupId, job.availableAt)
      .where(sql`available_at IS NOT NULL`),
    check("job_key_has_the_sequence", sql`printf('%05x', key & 1048575) = substr(id, 1, 5)`),
  ],
);

/** One row for each answer under an Idempotency-Key. See `domain/receipt.ts`. */
export const receipt = sqliteTable(
  "receipt",
  {
    workspace: text().notNull(),
    operation: text().notNull(),
    keyHash: text("key_hash").notNull(),
    groupId: text("group_id").notNull(),
    fingerprint: text().notNull(),
    position: integer().notNull(),
    reply: text().notNull(),
    expiresAt: milliseconds("expires_at"),
  },
  (receipt) => [
    primaryKey({
      columns: [receipt.workspace, receipt.operation, receipt.keyHash, receipt.groupId],
    }),
    index("receipt_by_expiry")
      .on(receipt.expiresAt)
      .where(sql`expires_at IS NOT NULL`),
    // Receipts show names and metadata, so they are deleted with their group.
    index("receipt_by_group").on(receipt.groupId),
  ],
);

/**
 * Stored documents whose job is deleted, until their bytes are removed. An empty key stands for all documents of a
 * deleted group. Written in the batch that deletes the job or the group.
 */
export const documentRemoval = sqliteTable(
  "document_removal",
  {
    workspace: text().notNull(),
    groupId: text("group_id").notNull(),
    documentKey: text("document_key").notNull(),
  },
  (removal) => [primaryKey({ columns: [removal.workspace, removal.groupId, removal.documentKey] })],
);

/**
 * One row for each group that is deleted and still has jobs, deliveries or receipts, which go in steps. Its row in
 * `job_group`, which its jobs refer to, belongs to no workspace meanwhile. See `write/remove-group.ts`.
 */
export const groupRemoval = sqliteTable("group_removal", {
  groupId: text("group_id").primaryKey(),
  workspace: text().notNull(),
  begunAt: milliseconds("begun_at").notNull(),
});

/** A line without any of the groups from before its filter. */
export const UNFILLED = '[[-1,0,""],[0,""]]';

/** One row for each filter that claims over all groups have asked for lately. See `write/claim-filters.ts`. */
export const claimFilter = sqliteTable(
  "claim_filter",
  {
    workspace: text().notNull(),
    id: text().notNull(),
    templates: text({ mode: "json" }).$type<string[]>().notNull(),
    tags: text({ mode: "json" }).$type<string[]>().notNull(),
    // 0: the filter is forgotten, and goes when its lines have gone.
    askedAt: milliseconds("asked_at").notNull(),
    // How far the line was filled with the groups from before the filter. NULL: with all of them.
    fill: text().default(UNFILLED),
  },
  (filter) => [
    primaryKey({ columns: [filter.workspace, filter.id] }),
    index("claim_filter_by_asked_at").on(filter.askedAt),
  ],
);

/**
 * One row for each filter and group that it lets through, while the group has a queued job. Rank and place are the
 * group's `claimRank` and `claimOrder`; a group at its `parallelJobs` has the rank 8.
 * Triggers keep it: see migrations 0007 and 0009.
 */
export const claimLine = sqliteTable(
  "claim_line",
  {
    workspace: text().notNull(),
    filterId: text("filter_id").notNull(),
    rank: integer().notNull(),
    place: integer().notNull(),
    groupId: text("group_id").notNull(),
  },
  (line) => [
    primaryKey({ columns: [line.workspace, line.filterId, line.rank, line.place, line.groupId] }),
  ],
);

/** One row for each API key. Only the SHA-256 of the key is stored. */
export const apiKey = sqliteTable(
  "api_key",
  {
    id: text().primaryKey(),
    workspace: text().notNull(),
    hash: text().notNull(),
    name: text().notNull(),
    scopes: text({ mode: "json" }).$type<Scope[]>().notNull(),
    createdAt: milliseconds("created_at").notNull(),
    expiresAt: milliseconds("expires_at"),
    revokedAt: milliseconds("revoked_at"),
    lastUsedAt: milliseconds("last_used_at"),
  },
  (key) => [
    uniqueIndex("api_key_by_hash").on(key.hash),
    index("api_key_by_created_at").on(key.workspace, key.createdAt, key.id),
  ],
);

/** One row for each webhook. See `domain/webhook.ts`. */
export const webhook = sqliteTable(
  "webhook",
  {
    id: text().primaryKey(),
    workspace: text().notNull(),
    url: text().notNull(),
    events: text({ mode: "json" }).$type<NoticeEvent[]>().notNull(),
    filter: text({ mode: "json" }).$type<WebhookFilter>(),
    secret: text().notNull(),
    previousSecret: text("previous_secret"),
    previousSecretUntil: milliseconds("previous_secret_until"),
    createdAt: milliseconds("created_at").notNull(),
    disabledAt: milliseconds("disabled_at"),
  },
  (webhook) => [
    index("webhook_by_workspace").on(webhook.workspace),
    // The webhooks that hear of every completed job: hardly ever one. See `write/listeners.ts`.
    index("webhook_of_completions")
      .on(webhook.workspace)
      .where(sql`instr(events, '"job.completed"') AND disabled_at IS NULL`),
  ],
);

/**
 * One row for each notice and destination, written in the same batch as the change that it announces. See
 * `domain/delivery.ts`. WITHOUT ROWID in the migration.
 */
export const delivery = sqliteTable(
  "delivery",
  {
    groupId: text("group_id")
      .notNull()
      .references(() => jobGroup.id, { onDelete: "cascade" }),
    id: text().notNull(),
    // For the metrics. The migration filled it in older rows.
    workspace: text().notNull().default(""),
    run: integer().notNull(),
    event: text({ enum: NOTICE_EVENTS }).notNull(),
    channel: text({ enum: CHANNELS }).notNull(),
    destination: text().notNull(),
    payload: text().notNull(),
    status: text({ enum: DELIVERY_STATUSES }).notNull(),
    attempts: integer().notNull(),
    dueAt: milliseconds("due_at"),
    attemptedAt: milliseconds("attempted_at"),
    deliveredAt: milliseconds("delivered_at"),
    lastError: text("last_error"),
    createdAt: milliseconds("created_at").notNull(),
  },
  (delivery) => [
    primaryKey({ columns: [delivery.groupId, delivery.id] }),
    index("delivery_due")
      .on(delivery.groupId, delivery.dueAt)
      .where(sql`due_at IS NOT NULL`),
    index("delivery_due_to")
      .on(delivery.groupId, delivery.destination, delivery.dueAt)
      .where(sql`due_at IS NOT NULL`),
    index("delivery_dead")
      .on(delivery.workspace)
      .where(sql`status = 'dead'`),
    index("delivery_delivered")
      .on(delivery.deliveredAt)
      .where(sql`delivered_at IS NOT NULL`),
  ],
);

/**
 * The home of a workspace: 0 stands for `DB`, n for `DB_n`. A workspace without a row lives in `DB`. Only the table in `DB` is
 * used. See `shards.ts`.
 */
export const workspaceHome = sqliteTable("workspace_home", {
  workspace: text().primaryKey(),
  shard: integer().notNull(),
  // A move that is under way: see `coordinator/move-workspaces.ts`.
  movesFrom: integer("moves_from"),
  movesTo: integer("moves_to"),
  phase: text({ enum: MOVE_PHASES }),
  phaseAt: milliseconds("phase_at"),
  // The last group of the pages that are copied, as JSON.
  copiedTo: text("copied_to", { mode: "json" }).$type<GroupCursor>(),
  failure: text(),
});

/**
 * A workspace that this database must not write, because it is on its way from or to another one. Triggers refuse its
 * writes, made with the row and for this workspace alone: see `write/stops.ts`.
 */
export const workspaceStop = sqliteTable("workspace_stop", {
  workspace: text().primaryKey(),
  state: text({ enum: STOP_STATES }).notNull(),
});
