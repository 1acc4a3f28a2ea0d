import { getTableColumns, type SQL, sql } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { type Db, runBatch } from "../db.ts";
import { keyText, sequenceText } from "../job-keys.ts";
import { job } from "../schema.ts";

/** Rows that are read at once: a row has some 70 KB at the most. */
export const ROWS = 200;
/** Results may be stored as text or as bytes, which JSON cannot carry: those travel as hexadecimal digits. */
const BYTES = "extracted_data";
/** The most characters of one parameter: D1 takes 2 MB. */
const MAX_CHARACTERS = 500_000;

export type Row = Readonly<Record<string, unknown>>;

/** Reads the rows of a table that `tail` lets through, in its order. `beside` goes before the table, to be joined with it. */
export async function readRows(
  db: Db,
  table: SQLiteTable,
  tail: SQL,
  beside: SQL = sql``,
): Promise<readonly Row[]> {
  const { name } = getTableConfig(table);
  const selection = sql.raw(
    columnsOf(table)
      .map((column) => selected(name, column))
      .join(", "),
  );
  const [found] = await runBatch<Row>(db, [
    sql`SELECT ${selection} FROM ${beside} ${sql.raw(name)} ${tail}`,
  ]);
  return found?.results ?? [];
}

/** The number of a group's row is of its database alone, and with it the keys of the group's jobs. */
const OF_DATABASE = new Set(["rowid", "key"]);

const columnsOf = (table: SQLiteTable): string[] =>
  Object.values(getTableColumns(table))
    .map(({ name }) => name)
    .filter((name) => !OF_DATABASE.has(name));

const selected = (table: string, column: string): string =>
  column === BYTES
    ? `CASE typeof(${BYTES}) WHEN 'blob' THEN 'x' || hex(${BYTES}) ELSE 't' || ${BYTES} END AS ${BYTES}`
    : `"${table}"."${column}"`;

const inserted = (column: string, index: number): string => {
  const value = `value ->> ${index}`;
  if (column !== BYTES) return value;
  return `CASE substr(${value}, 1, 1) WHEN 'x' THEN unhex(substr(${value}, 2)) ELSE substr(${value}, 2) END`;
};

const ofJob = (column: string) => `value ->> ${columnsOf(job).indexOf(column)}`;
const ROW = `(SELECT rowid FROM job_group WHERE id = ${ofJob("group_id")})`;
const KEY = keyText(ROW, sequenceText(ofJob("id")));

/**
 * Inserts rows that `readRows` has read from another database. Those that are there already stay. Nothing is written unless
 * the workspace is arriving: a run that is late must not bring rows back.
 */
export async function insertRows(
  db: Db,
  table: SQLiteTable,
  workspace: string,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const { name } = getTableConfig(table);
  const columns = columnsOf(table);
  const keyed = table === job ? ["key"] : [];
  const list = sql.raw([...keyed, ...columns.map((column) => `"${column}"`)].join(", "));
  const values = sql.raw([...keyed.map(() => KEY), ...columns.map(inserted)].join(", "));
  const isArriving = sql`EXISTS (SELECT 1 FROM workspace_stop WHERE workspace = ${workspace} AND state = 'arriving')`;
  // A job whose group is not there is left out, and missed by the comparison: SQLite would choose a key for it.
  const isOfGroup = sql.raw(table === job ? `${ROW} IS NOT NULL` : "true");
  const lines = rows.map((row) => JSON.stringify(columns.map((column) => row[column])));
  const writes = portions(lines).map(
    (portion) => sql`INSERT INTO ${sql.raw(name)} (${list})
      SELECT ${values} FROM json_each(${portion}) WHERE ${isArriving} AND ${isOfGroup} ON CONFLICT DO NOTHING`,
  );
  await runBatch(db, writes);
}

/** The lines as JSON arrays, none of them larger than a parameter may be. */
function portions(lines: readonly string[]): string[] {
  const all: string[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    characters += line.length;
    if (characters > MAX_CHARACTERS) {
      all.push([]);
      characters = line.length;
    }
    all.at(-1)?.push(line);
  }
  return all.map((portion) => `[${portion.join(",")}]`);
}
