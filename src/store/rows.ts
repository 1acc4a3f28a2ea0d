import { Column, type SQL, sql } from "drizzle-orm";
import { type SQLiteColumn, SQLiteReal } from "drizzle-orm/sqlite-core";

type Row = Record<string, unknown>;
type RowOf<Columns extends Record<string, SQLiteColumn>> = {
  [Key in keyof Columns]:
    | Columns[Key]["_"]["data"]
    | (Columns[Key]["_"]["notNull"] extends true ? never : null);
};

/** The most arguments that D1 allows a function. */
const MOST_ARGUMENTS = 32;

/** Columns that come as one JSON array. */
interface Pack {
  readonly name: string;
  readonly keys: readonly string[];
  readonly sql: string;
}

/**
 * The columns of a table, prepared once for all selects. They come in a few JSON arrays: D1 carries and names each value of
 * each row by itself, which takes longer than to parse an array of them. Drizzle's own select would look up each column
 * again for every statement and every value. The table may have no BLOB among these columns, because JSON has none.
 */
export class RowReader<Columns extends Record<string, SQLiteColumn>> {
  /** The columns in the form of a select list. */
  readonly selection: string;
  readonly #packs: readonly Pack[];
  /** Columns beside the arrays. JSON of SQLite before 3.53 has 15 digits of a double, and a double may need 17. */
  readonly #doubles: readonly string[];
  readonly #decoded: readonly (readonly [key: string, decoder: SQLiteColumn])[];
  /** A row of nulls. Each row that is read is a copy of it, so that all have one shape. */
  readonly #blank: Row;

  constructor(table: string, columns: Columns) {
    const fields = Object.entries(columns);
    const doubles = fields.filter(isDouble);
    this.#packs = packsOf(
      table,
      fields.filter((field) => !isDouble(field)),
    );
    this.#doubles = doubles.map(([key]) => key);
    this.#decoded = fields.filter(([, column]) => !isPlain(column));
    this.#blank = Object.fromEntries(fields.map(([key]) => [key, null]));
    this.selection = [
      ...this.#packs.map(({ name, sql }) => `${sql} AS "${name}"`),
      ...doubles.map(([key, { name }]) => `"${table}"."${name}" AS "${key}"`),
    ].join(", ");
  }

  get sql(): SQL {
    return sql.raw(this.selection);
  }

  /** The row of the table in a row of an answer. */
  read(row: Row): RowOf<Columns> {
    const read = { ...this.#blank };
    for (const { name, keys } of this.#packs) {
      const values = JSON.parse(String(row[name])) as unknown[];
      for (const [nth, key] of keys.entries()) read[key] = values[nth];
    }
    for (const key of this.#doubles) read[key] = row[key];
    for (const [key, decoder] of this.#decoded) {
      const value = read[key];
      if (value !== null) read[key] = decoder.mapFromDriverValue(value);
    }
    return read as RowOf<Columns>;
  }
}

const isDouble = ([, column]: [string, SQLiteColumn]): boolean => column instanceof SQLiteReal;

function packsOf(table: string, fields: readonly [string, SQLiteColumn][]): Pack[] {
  const count = Math.ceil(fields.length / MOST_ARGUMENTS);
  return Array.from({ length: count }, (_, nth) => {
    const packed = fields.slice(nth * MOST_ARGUMENTS, (nth + 1) * MOST_ARGUMENTS);
    const names = packed.map(([, column]) => `"${table}"."${column.name}"`);
    return {
      name: `${table}_${nth}`,
      keys: packed.map(([key]) => key),
      sql: `json_array(${names.join(", ")})`,
    };
  });
}

/** A plain column needs no decoding: the driver's value is the value. */
const isPlain = (column: SQLiteColumn): boolean =>
  // oxlint-disable-next-line typescript/unbound-method -- compared, not called
  column.mapFromDriverValue === Column.prototype.mapFromDriverValue;
