import type { DatabaseSync } from "node:sqlite";
import { getTableColumns } from "drizzle-orm";
import { type CommittedGroup, GROUP_STATUSES, PRIORITIES } from "../../src/domain/group.ts";
import { createGroup } from "../../src/domain/lifecycle.ts";
import { derived } from "../../src/store/write/group-columns.ts";
import { jobGroup } from "../../src/store/schema.ts";
import { randomFrom } from "../support/random.ts";

const YEAR_MS = 365 * 86_400_000;
export const SEEDED_UNTIL = Date.UTC(2026, 0);
const LETTERS = ["bcdfghjklmnprstvwz", "aeiouäöü"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August"];

const id = (index: number): string => (index * 2_654_435_761).toString(16).padStart(24, "0");
/** A word that only this number has, pronounceable as the names of firms are. */
export const firm = (number: number): string => {
  let rest = (number + 1) * 7_919;
  let word = "";
  for (let place = 0; place < 8; place++) {
    const letters = LETTERS[place % 2] ?? "";
    word += letters[rest % letters.length];
    rest = Math.floor(rest / letters.length) + (place === 3 ? number * 31 : 0);
  }
  return word;
};

/** A word that one in fifty groups has. */
export const FREQUENT = "rosenquist";

/** A group of one tenant who has made `groups` groups in a year. Values with a number have about 100 groups each. */
function groupAt(index: number, groups: number, random: () => number): CommittedGroup {
  const among = (count: number): number => Math.floor(random() * count);
  const percent = random() * 100;
  const status = [82, 85, 88, 92, 96].findIndex((bound) => percent < bound);
  const statuses = ["completed", "failed", "cancelled", "processing", "queued", "created"] as const;
  const rank = [15, 75, 95].findIndex((bound) => random() * 100 < bound);
  const many = Math.max(1, groups / 100);
  const number = among(many);
  const input = {
    name: `${MONTHS[among(8)]} invoices ${firm(number)} ${index}`,
    description: random() < 0.5 ? `Scanned at site ${among(40)}, second floor` : null,
    batchNumber: `BATCH-2025-${among(many)}`,
    template: `template-${among(20)}`,
    priority: PRIORITIES[rank === -1 ? 3 : rank] ?? "medium",
    parallelJobs: 3,
    retryCount: 2,
    timeoutMinutes: 30,
    maxFailureRate: null,
    maxCostMicros: null,
    retentionDays: null,
    onCompletion: true,
    onFailure: true,
    recipients: ["accounts@example.com"],
    createdBy: `user-${among(many)}`,
    assignedTo: random() < 0.7 ? `clerk-${among(many)}` : null,
    tags: [`client-${number}`, ...(random() < 0.1 ? ["monthly"] : [])],
    metadata: '{"source":"mailroom"}',
  };
  if (index % 50 === 7) input.description = `Handed in by ${FREQUENT}`;
  const createdAt = SEEDED_UNTIL - YEAR_MS + Math.floor((index / groups) * YEAR_MS);
  const group = createGroup(id(index), "default", input, createdAt);
  const chosen = statuses[status === -1 ? 5 : status] ?? GROUP_STATUSES[0];
  return { ...group, revision: "0".repeat(16), status: chosen };
}

/**
 * Fills an empty, migrated database. Triggers and indexes come after the rows: a million of them take
 * a minute or two.
 */
export function seed(database: DatabaseSync, groups: number): void {
  const later = database
    .prepare("SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'job_group' AND sql > ''")
    .all()
    .filter(({ type }) => type === "trigger" || type === "index");
  database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000");
  for (const { type, name } of later) database.exec(`DROP ${String(type)} ${String(name)}`);
  const columns = Object.entries(getTableColumns(jobGroup)).filter(
    ([key]) => !["rowid", "recentRevisions", "beats"].includes(key),
  );
  const names = columns.map(([, { name }]) => name).join();
  const insert = database.prepare(
    `INSERT INTO job_group (${names}) VALUES (${columns.map(() => "?").join()})`,
  );
  const random = randomFrom(1);
  database.exec("BEGIN");
  for (let index = 0; index < groups; index++) {
    const group = groupAt(index, groups, random);
    const row: Record<string, unknown> = { ...group, ...derived(group) };
    const values = columns.map(([key, column]) =>
      row[key] === null ? null : (column.mapToDriverValue(row[key]) as string | number),
    );
    insert.run(...values.map((value) => (typeof value === "boolean" ? Number(value) : value)));
  }
  for (const { sql } of later) database.exec(String(sql));
  database.exec(`
    INSERT INTO job_group_count
      SELECT workspace, status, priority, count(*) FROM job_group GROUP BY 1, 2, 3;
    INSERT INTO job_group_tag
      SELECT DISTINCT workspace, value, created_at, job_group.id FROM job_group, json_each(tags)
      ORDER BY 1, 2, 3, 4;
    INSERT INTO job_group_search (job_group_search) VALUES ('rebuild');
    COMMIT;
    PRAGMA journal_mode = WAL`);
}
