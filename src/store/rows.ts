import { Column, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";

type Row = Record<string, unknown>;
type RowOf<Columns extends Record<string, SQLiteColumn>> = {
  [Key in keyof Columns]:
    | Columns[Key]["_"]["data"]
    | (Columns[Key]["_"]["notNull"] extends true ? never : null);
};

/**
 * The columns of a table, prepared once for all selects. Drizzle's own select looks up each column again for
 * every statement and for every value of every row.
 */
export class RowReader<Columns extends Record<string, SQLiteColumn>> {
  /** The columns in the form of a select list. */
  readonly selection: string;
  readonly #fields: readonly (readonly [key: string, name: string, decoder: SQLiteColumn | null])[];

  constructor(table: string, columns: Columns) {
    const fields = Object.entries(columns);
    this.selection = fields.map(([, { name }]) => `"${table}"."${name}"`).join(", ");
    this.#fields = fields.map(([key, column]) => [
      key,
      column.name,
      isPlain(column) ? null : column,
    ]);
  }

  get sql(): SQL {
    return sql.raw(this.selection);
  }

  read(row: Row): RowOf<Columns> {
    const result: Row = {};
    for (const [key, name, decoder] of this.#fields) {
      const value = row[name];
      result[key] = decoder === null || value === null ? value : decoder.mapFromDriverValue(value);
    }
    return result as RowOf<Columns>;
  }
}

/** A plain column needs no decoding: the driver's value is the value. */
const isPlain = (column: SQLiteColumn): boolean =>
  // oxlint-disable-next-line typescript/unbound-method -- compared, not called
  column.mapFromDriverValue === Column.prototype.mapFromDriverValue;
