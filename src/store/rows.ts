import { Column, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";

type Row = Record<string, unknown>;
type RowOf<Columns extends Record<string, SQLiteColumn>> = {
  [Key in keyof Columns]:
    | Columns[Key]["_"]["data"]
    | (Columns[Key]["_"]["notNull"] extends true ? never : null);
};

/**
 * What drizzle makes of a select, worked out once: its own way asks anew what each column is, for every
 * statement and every value of every row.
 */
export class RowReader<Columns extends Record<string, SQLiteColumn>> {
  /** The columns as a select lists them. */
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

/** Whether the driver's value is the value. */
const isPlain = (column: SQLiteColumn): boolean =>
  // oxlint-disable-next-line typescript/unbound-method -- compared, not called
  column.mapFromDriverValue === Column.prototype.mapFromDriverValue;
