import { getTableColumns, type SQL, sql } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { type Db, runBatch } from "../db.ts";

/** Results may be stored as text or as bytes, which JSON cannot carry: those travel as hexadecimal digits. */
const BYTES = "extracted_data";
/** The most characters of one parameter: D1 takes 2 MB. */
const MAX_CHARACTERS = 500_000;

export type Row = Readonly<Record<string, unknown>>;

/** Reads the rows of a table that `tail` lets through, in its order. */
export async function readRows(db: Db, table: SQLiteTable, tail: SQL): Promise<readonly Row[]> {
  const { name } = getTableConfig(table);
  const selection = sql.raw(columnsOf(table).map(selected).join(", "));
  const [found] = await runBatch<Row>(db, [sql`SELECT ${selection} FROM ${sql.raw(name)} ${tail}`]);
  return found?.results ?? [];
}

/** The columns of a table. The number of a group's row is of its database alone: the search index refers to it. */
const columnsOf = (table: SQLiteTable): string[] =>
  Object.values(getTableColumns(table))
    .map(({ name }) => name)
    .filter((name) => name !== "rowid");

const selected = (column: string): string =>
  column === BYTES
    ? `CASE typeof(${BYTES}) WHEN 'blob' THEN 'x' || hex(${BYTES}) ELSE 't' || ${BYTES} END AS ${BYTES}`
    : `"${column}"`;

const inserted = (column: string, index: number): string => {
  const value = `value ->> ${index}`;
  if (column !== BYTES) return value;
  return `CASE substr(${value}, 1, 1) WHEN 'x' THEN unhex(substr(${value}, 2)) ELSE substr(${value}, 2) END`;
};

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
  const list = sql.raw(columns.map((column) => `"${column}"`).join(", "));
  const values = sql.raw(columns.map(inserted).join(", "));
  const isArriving = sql`EXISTS (SELECT 1 FROM workspace_stop WHERE workspace = ${workspace} AND state = 'arriving')`;
  const lines = rows.map((row) => JSON.stringify(columns.map((column) => row[column])));
  const writes = portions(lines).map(
    (portion) => sql`INSERT INTO ${sql.raw(name)} (${list})
      SELECT ${values} FROM json_each(${portion}) WHERE ${isArriving} ON CONFLICT DO NOTHING`,
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
