import { and, eq, type SQL, sql } from "drizzle-orm";
import { jobGroup, jobGroupCount } from "../../schema.ts";
import { type AccessPath, accessPaths, walkByAge } from "./access-path.ts";
import {
  besideRows,
  candidates,
  checks,
  isWhole,
  type ListBounds,
  metered,
  mostSeen,
  reach,
  type Reach,
} from "./candidates.ts";
import { compileFilter, fieldsOf } from "./compile-filter.ts";
import { scalarField } from "./fields.ts";
import type { ListQuery } from "./list-groups.ts";

export interface Counting {
  readonly query: SQL;
  readonly read: (row: Reach & { total: number }) => { total: number; isCapped: boolean };
}

const COUNTED = new Set([scalarField("status"), scalarField("priority")]);

/**
 * Counts the groups of a list whose source is in order. The stored counts by status and priority are added up when the
 * filter names no other field. Else the groups are counted up to a bound.
 */
export function countQuery(
  query: ListQuery,
  path: AccessPath,
  bounds: ListBounds,
  hits?: SQL,
): Counting {
  const { filter, workspace, search } = query;
  const others = filter ? fieldsOf(filter).filter((field) => !COUNTED.has(field)) : [];
  if (search === undefined && others.length === 0) {
    const counted = and(eq(jobGroup.workspace, workspace), filter && compileFilter(filter));
    return {
      query: sql`SELECT coalesce(sum(groups), 0) AS total FROM ${jobGroupCount} AS ${jobGroup} WHERE ${counted}`,
      read: ({ total }) => ({ total, isCapped: false }),
    };
  }
  if (hits !== undefined) return upTo(bounds.examined, hits);
  const serving = [path, ...accessPaths(query)].find(isServed);
  if (serving !== undefined) return served(serving, bounds);
  // Rows that were made after one another stand beside each other, so those of the same age are read soonest.
  return checked(path.isWalk ? walkByAge(query) : path, bounds);
}

/** The source has no other groups. */
const isServed = ({ filters, search, phrase }: AccessPath): boolean =>
  filters.length === 0 && search === undefined && phrase === undefined;

function served(path: AccessPath, bounds: ListBounds): Counting {
  const most = path.isCommon ? bounds.countedOfCommon : bounds.counted;
  const { conditions, ranges } = path;
  const all =
    ranges === undefined ? path : { ...path, conditions: [...conditions, compileFilter(ranges)] };
  return upTo(most, candidates(all, most + 1));
}

const upTo = (most: number, groups: SQL): Counting => ({
  query: sql`SELECT count(*) AS total FROM (${groups})`,
  read: ({ total }) => ({ total: Math.min(total, most), isCapped: total > most }),
});

function checked(path: AccessPath, bounds: ListBounds): Counting {
  const seen = sql`(${metered(path, candidates(path, mostSeen(path, bounds) + 1))}) AS seen`;
  return {
    query: sql`SELECT ${reach(path)}, count(*) FILTER (WHERE ${checks(path, bounds)}) AS total
      FROM ${path.isCovered ? seen : besideRows(path, seen)}`,
    read: (row) => ({ total: row.total, isCapped: !isWhole(row, path, bounds) }),
  };
}
