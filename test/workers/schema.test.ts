import { getTableColumns, getTableName, is, SQL } from "drizzle-orm";
import { getTableConfig, SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import {
  apiKey,
  delivery,
  job,
  jobGroup,
  jobGroupCount,
  jobGroupTag,
  receipt,
  webhook,
} from "../../src/store/schema.ts";
import { database } from "../support/workers/database.ts";

const tables = [jobGroup, jobGroupCount, jobGroupTag, job, receipt, apiKey, delivery, webhook];

test.each(tables.map((table) => [getTableName(table), table] as const))(
  "the migrations make table %s as the schema has it",
  async (name, table) => {
    const { results } = await database
      .prepare(
        'SELECT name, lower(type) AS type, "notnull" AS required, dflt_value AS byDefault FROM pragma_table_info(?)',
      )
      .bind(name)
      .all<{ name: string; type: string; required: number; byDefault: string | null }>();
    const stored = results.map((column) => ({ ...column, required: column.required === 1 }));
    const declared = Object.values(getTableColumns(table)).map((column) => ({
      name: column.name,
      type: column.getSQLType(),
      required: column.notNull,
      byDefault: defaultOf(column.default),
    }));
    expect(stored.toSorted(byName)).toEqual(declared.toSorted(byName));

    const indexes = await database
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
      )
      .bind(name)
      .all<{ name: string }>();
    const names = getTableConfig(table).indexes.map(({ config }) => config.name);
    expect(indexes.results.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  },
);

/** The default as the table tells it. */
function defaultOf(value: unknown): string | null {
  if (value === undefined) return null;
  if (is(value, SQL)) return new SQLiteSyncDialect().sqlToQuery(value).sql;
  return typeof value === "string" ? `'${value}'` : JSON.stringify(value);
}

test.each(["job_group_count", "job_group_tag", "receipt", "delivery"])(
  "table %s is stored without row ids",
  async (name) => {
    const table = await database
      .prepare("SELECT sql FROM sqlite_master WHERE name = ?")
      .bind(name)
      .first<{ sql: string }>();
    expect(table?.sql).toMatch(/WITHOUT ROWID$/);
  },
);

test("the database itself refuses counters that do not add up", async () => {
  const columns = Object.values(getTableColumns(jobGroup));
  const values = columns.map((column) => (column.getSQLType() === "text" ? "'[]'" : "0"));
  const insert = (totalJobs: number) => {
    const row = values.map((value, index) =>
      columns[index]?.name === "total_jobs" ? String(totalJobs) : value,
    );
    const names = columns.map((column) => column.name).join();
    return database.prepare(`INSERT INTO job_group (${names}) VALUES (${row.join()})`).run();
  };
  await expect(insert(1)).rejects.toThrow("job_group_counters_add_up");
  await expect(insert(0)).resolves.toMatchObject({ success: true });
});

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
