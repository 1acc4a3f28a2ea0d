import { Column, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";

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
 * The columns of a table, prepared once for all selects. D1 carries and names each value of each row by itself, which takes
 * longer than to parse an array of them: so the columns come in a few JSON arrays. Drizzle's own select moreover
 * looks up each column again for every statement and every value.
 */
export class RowReader<Columns extends Record<string, SQLiteColumn>> {
  /** The columns in the form of a select list. */
  readonly selection: string;
  readonly #packs: readonly Pack[];
  readonly #decoded: readonly (readonly [key: string, decoder: SQLiteColumn])[];
  /** Its copies have all keys from the start, so that all rows are objects of one shape. */
  readonly #blank: Row;

  constructor(table: string, columns: Columns) {
    const fields = Object.entries(columns);
    this.#packs = packsOf(table, fields);
    this.#decoded = fields.filter(([, column]) => !isPlain(column));
    this.#blank = Object.fromEntries(fields.map(([key]) => [key, null]));
    this.selection = this.#packs.map(({ name, sql }) => `${sql} AS "${name}"`).join(", ");
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
    for (const [key, decoder] of this.#decoded) {
      const value = read[key];
      if (value !== null) read[key] = decoder.mapFromDriverValue(value);
    }
    return read as RowOf<Columns>;
  }
}

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
