import { and, asc, count, desc, eq } from "drizzle-orm";
import type { Group } from "../../domain/group.ts";
import { groupColumns } from "../columns.ts";
import type { Db } from "../db.ts";
import { jobGroup } from "../schema.ts";
import { compileFilter, type Filter } from "./compile-filter.ts";
import { type SortField, sortExpression } from "./fields.ts";
import { searchCondition } from "./search.ts";

export interface ListQuery {
  readonly workspace: string;
  readonly limit: number;
  readonly offset: number;
  readonly sort: SortField;
  readonly order: "asc" | "desc";
  readonly filter?: Filter | undefined;
  readonly search?: string | undefined;
}

/**
 * One page and the count of all that match, from one point in time. What is not set comes before
 * everything else in ascending order and after it in descending order; ids settle ties.
 */
export async function listGroups(
  db: Db,
  query: ListQuery,
): Promise<{ groups: Group[]; total: number }> {
  const { filter, search } = query;
  const where = and(
    eq(jobGroup.workspace, query.workspace),
    filter && compileFilter(filter),
    search === undefined ? undefined : searchCondition(search),
  );
  const direction = query.order === "asc" ? asc : desc;
  const page = db
    .select(groupColumns)
    .from(jobGroup)
    .where(where)
    .orderBy(direction(sortExpression(query.sort)), direction(jobGroup.id))
    .limit(query.limit)
    .offset(query.offset);
  const matches = db.select({ total: count() }).from(jobGroup).where(where);
  const [groups, [counted]] = await db.batch([page, matches]);
  return { groups, total: counted?.total ?? 0 };
}
