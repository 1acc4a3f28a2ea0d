import { Column, is, type SQL, sql, type SQLWrapper } from "drizzle-orm";

/** The sort keys of a page's last group. Only the first key can be `null`. */
export type Position = readonly (string | number | null)[];

/** Matches the groups after the position. An index on the keys serves the condition. */
export function after(
  keys: readonly SQLWrapper[],
  order: "asc" | "desc",
  position: Position,
): SQL | undefined {
  const [first, ...others] = keys;
  const beyond = sql.raw(order === "asc" ? ">" : "<");
  const compare = (keys: readonly SQLWrapper[], values: Position): SQL =>
    sql`(${list(keys)}) ${beyond} (${list(values.map((value) => sql`${value}`))})`;
  if (position[0] === null) {
    const tied = sql`${first} IS NULL AND ${compare(others, position.slice(1))}`;
    return order === "asc" ? sql`(${tied} OR ${first} IS NOT NULL)` : tied;
  }
  const follows = compare(keys, position);
  const mayBeUnset = !(is(first, Column) && first.notNull);
  return order === "desc" && mayBeUnset ? sql`(${follows} OR ${first} IS NULL)` : follows;
}

const list = (parts: readonly SQLWrapper[]): SQL => sql.join([...parts], sql.raw(", "));
