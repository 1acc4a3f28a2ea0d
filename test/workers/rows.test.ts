import { real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { getTableColumns, sql } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { connect, runBatch } from "../../src/store/db.ts";
import { RowReader } from "../../src/store/rows.ts";
import { database } from "../support/workers/database.ts";

const names = Array.from({ length: 70 }, (_, nth) => `column_${nth}`);
const table = sqliteTable(
  "kept",
  Object.fromEntries(
    names.map((name, nth) => [`key${nth}`, nth % 2 === 0 ? real(name) : text(name)]),
  ),
);
const reader = new RowReader("kept", getTableColumns(table));

test("a row comes back as it was bound: every double, text and null, in every column", async () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const characters = fc.string({ unit: "grapheme" });
  const values = fc.tuple(...names.map((_, nth) => fc.option(nth % 2 === 0 ? double : characters)));
  await fc.assert(
    fc.asyncProperty(values, async (row) => {
      const kept = names.map((name, nth) => sql`${row[nth]} AS ${sql.identifier(name)}`);
      const [found] = await runBatch<Record<string, unknown>>(connect(database), [
        sql`SELECT ${reader.sql} FROM (SELECT ${sql.join(kept, sql`, `)}) AS kept`,
      ]);
      expect(Object.values(reader.read(found?.results[0] ?? {}))).toEqual(row);
    }),
  );
});
