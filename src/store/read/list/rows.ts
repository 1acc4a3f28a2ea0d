import type { CommittedGroup } from "../../../domain/group.ts";
import { groupRows } from "../../columns.ts";
import type { Position } from "./keyset.ts";

/** A row of a page. `groupRows` reads the group in it. */
export interface PageRow extends Record<string, unknown> {
  readonly sort_key: string | number | null;
}

/** The page's groups, and its end when a further row was read. */
export function pageOf(
  rows: readonly PageRow[],
  limit: number,
  keys: number,
): { groups: CommittedGroup[]; position: Position | null } {
  const groups = rows.slice(0, limit).map((row) => groupRows.read(row));
  const last = rows.length > limit ? groups[limit - 1] : undefined;
  const position =
    last && [rows[limit - 1]?.sort_key ?? null, last.createdAt, last.id].slice(-keys);
  return { groups, position: position ?? null };
}
