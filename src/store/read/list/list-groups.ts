import type { SQL } from "drizzle-orm";
import type { CommittedGroup } from "../../../domain/group.ts";
import { LIMITS } from "../../../domain/limits.ts";
import type { Db } from "../../db.ts";
import { type AccessPath, accessPaths } from "./access-path.ts";
import type { ListBounds } from "./candidates.ts";
import type { Filter } from "./compile-filter.ts";
import type { SortField } from "./fields.ts";
import type { Position } from "./keyset.ts";
import { readInOrder } from "./read-in-order.ts";
import { readSearched } from "./read-searched.ts";
import { readSorted } from "./read-sorted.ts";

export interface ListQuery {
  readonly workspace: string;
  readonly limit: number;
  readonly offset: number;
  /** The end of the page before. */
  readonly position?: Position | undefined;
  readonly sort: SortField;
  readonly order: "asc" | "desc";
  readonly filter?: Filter | undefined;
  readonly search?: string | undefined;
}

export interface ListPage {
  readonly groups: CommittedGroup[];
  /** The groups that match, on all pages. */
  readonly total: number;
  /** There may be more than `total`. */
  readonly isCapped: boolean;
  /** The end of this page, or `null` when nothing follows. */
  readonly position: Position | null;
}

/** The bound that a list would go beyond. */
export type TooBroad = "examined" | "passed";

/**
 * Reads one page and the number of groups that match, from one point in time. In ascending order, groups without a
 * value come first; in descending order, last. Groups with the same value are sorted by age, then by id. Each
 * access path is a round trip or two of bounded work; the next one is tried when that was not enough.
 */
export async function listGroups(
  db: Db,
  query: ListQuery,
  bounds: ListBounds = LIMITS.list,
): Promise<ListPage | TooBroad> {
  let outcome: ListPage | TooBroad = "examined";
  let hits: SQL | undefined;
  for (const path of accessPaths(query)) {
    const read = await readThrough(db, query, path, bounds, hits);
    if (typeof read === "object" && "groups" in read) return read;
    if (typeof read === "object") ({ hits } = read);
    else outcome = read;
  }
  return outcome;
}

function readThrough(
  db: Db,
  query: ListQuery,
  path: AccessPath,
  bounds: ListBounds,
  hits: SQL | undefined,
) {
  const { phrase } = path;
  if (phrase !== undefined) return readSearched(db, query, { ...path, phrase }, bounds);
  return path.inOrder
    ? readInOrder(db, query, path, bounds, hits)
    : readSorted(db, query, path, bounds);
}
