import type { CommittedGroup as Group } from "../../../src/domain/group.ts";
import type { ListBounds } from "../../../src/store/read/list/candidates.ts";
import {
  type ListPage,
  type ListQuery,
  listGroups,
} from "../../../src/store/read/list/list-groups.ts";
import { parseFilter } from "../../../src/store/read/list/parse-filter.ts";
import { derived } from "../../../src/store/write/group-columns.ts";
import { jobGroup } from "../../../src/store/schema.ts";
import { NodeD1 } from "../../support/node-d1.ts";

export const { db, sqlite } = new NodeD1().migrate();

const BASE: Group = {
  id: "0",
  workspace: "w",
  revision: "r",
  name: "March",
  description: null,
  batchNumber: null,
  template: "t",
  priority: "medium",
  status: "created",
  totalJobs: 0,
  pendingJobs: 0,
  processingJobs: 0,
  completedJobs: 0,
  failedJobs: 0,
  cancelledJobs: 0,
  firstUnclaimed: 0,
  cancelledUnclaimed: 0,
  erasedJobs: 0,
  storedDocuments: 0,
  storedBytes: 0,
  claimableAt: null,
  leasedJobs: [],
  parallelJobs: 3,
  retryCount: 2,
  timeoutMinutes: 30,
  maxFailureRate: null,
  maxCostMicros: null,
  retentionDays: null,
  totalPages: 0,
  totalCostMicros: 0,
  currency: null,
  totalProcessingMs: 0,
  onCompletion: false,
  onFailure: true,
  recipients: [],
  createdBy: null,
  assignedTo: null,
  tags: [],
  metadata: "{}",
  run: 1,
  runStartedAt: null,
  runFinishedJobs: 0,
  runFailedJobs: 0,
  runFinishOffsetsMs: 0,
  runPausedMs: 0,
  recentResults: "",
  pausedAt: null,
  pauseReason: null,
  pausedAtCostMicros: null,
  createdAt: 0,
  updatedAt: 0,
  startedAt: null,
  completedAt: null,
  estimatedCompletionAt: null,
};

export async function store(...groups: Partial<Group>[]): Promise<Group[]> {
  const rows: Group[] = [];
  for (const [index, group] of groups.entries()) {
    const row = { ...BASE, id: String(index), ...group };
    await db.batch([db.insert(jobGroup).values({ ...row, ...derived(row) })]);
    rows.push(row);
  }
  return rows;
}

export type Json = { [name: string]: unknown };

/** Fails when the list is refused. */
export async function list(query: Parameters<typeof tryList>[0] = {}): Promise<ListPage> {
  const page = await tryList(query);
  if (typeof page === "string") throw new Error(`too much to be ${page}`);
  return page;
}

export function tryList(
  query: Partial<Omit<ListQuery, "filter">> & { filter?: Json | string } = {},
  bounds?: ListBounds,
) {
  const { filter = {}, ...rest } = query;
  const parsed = parseFilter(typeof filter === "string" ? filter : JSON.stringify(filter));
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  const defaults = { workspace: "w", limit: 50, offset: 0, sort: "_id", order: "asc" } as const;
  return listGroups(db, { ...defaults, ...rest, filter: parsed.filter }, bounds);
}

export const found = async (query: Parameters<typeof list>[0]) =>
  (await list(query)).groups.map(({ id }) => id).join("");
export const problemsOf = (text: string) => {
  const parsed = parseFilter(text);
  return parsed.ok ? [] : parsed.problems;
};
