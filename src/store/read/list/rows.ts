import type { CommittedGroup } from "../../../domain/group.ts";
import { groupRows } from "../../columns.ts";
import type { Position } from "./keyset.ts";

/** A row of a page. It has the columns of a group too. */
export interface PageRow extends Record<string, unknown> {
  readonly id: string;
  readonly createdAt: number;
  readonly sort_key: string | number | null;
}

/** The page's groups, and its end when a further row was read. */
export function pageOf(
  rows: readonly PageRow[],
  limit: number,
  keys: number,
): { groups: CommittedGroup[]; position: Position | null } {
  const end = rows.length > limit ? rows[limit - 1] : undefined;
  const position = end && [end.sort_key, end.createdAt, end.id].slice(-keys);
  const groups = rows.slice(0, limit).map((row) => {
    const { sort_key: _sortKey, ...columns } = row;
    return groupRows.read(columns);
  });
  return { groups, position: position ?? null };
}
