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
  readonly #decoded: readonly (readonly [key: string, decoder: SQLiteColumn])[];

  constructor(table: string, columns: Columns) {
    const fields = Object.entries(columns);
    this.selection = fields.map(([key, { name }]) => `"${table}"."${name}" AS "${key}"`).join(", ");
    this.#decoded = fields.filter(([, column]) => !isPlain(column));
  }

  get sql(): SQL {
    return sql.raw(this.selection);
  }

  /** Decodes the row in place. */
  read(row: Row): RowOf<Columns> {
    for (const [key, decoder] of this.#decoded) {
      const value = row[key];
      if (value !== null) row[key] = decoder.mapFromDriverValue(value);
    }
    return row as RowOf<Columns>;
  }
}

/** A plain column needs no decoding: the driver's value is the value. */
const isPlain = (column: SQLiteColumn): boolean =>
  // oxlint-disable-next-line typescript/unbound-method -- compared, not called
  column.mapFromDriverValue === Column.prototype.mapFromDriverValue;
