import { type SQL, sql, type SQLWrapper } from "drizzle-orm";
import { jobGroup } from "../../schema.ts";
import { conjuncts, type Filter } from "./compile-filter.ts";
import { type Field, scalarField, type SortField, tagsField } from "./fields.ts";
import { searchCondition, searchMatch } from "./search.ts";

type InFilter = Extract<Filter, { values: unknown }>;

/** The access path of a list query. The index is forced with `INDEXED BY`, so SQLite does not guess. */
export interface AccessPath {
  readonly from: SQL;
  /** A smaller source that has as many rows, for the count when there is no condition. */
  readonly countFrom?: SQL;
  readonly conditions: readonly SQL[];
  /** The parts of the filter that are still to be checked for each group. */
  readonly filters: readonly Filter[];
  /** The columns in which this source has the group's age and id. */
  readonly createdAt: SQLWrapper;
  readonly id: SQLWrapper;
  /** A condition with several values: the groups of each are one range of the index. */
  readonly ranges?: InFilter;
}

interface Query {
  readonly workspace: string;
  readonly sort: SortField;
  readonly filter?: Filter | undefined;
  readonly search?: string | undefined;
}

/** Fields of which one value has few groups, rarest first. */
const RARE: readonly (readonly [Field, index: string])[] = [
  [scalarField("batchNumber"), "job_group_by_batch_number"],
  [scalarField("name"), "job_group_by_name"],
  [scalarField("createdBy"), "job_group_by_created_by"],
  [scalarField("assignedTo"), "job_group_by_assigned_to"],
  [tagsField, ""],
  [scalarField("template"), "job_group_by_template"],
];

/** Fields of which one value has many groups. Their indexes help when the list is sorted by age. */
const COMMON: readonly (readonly [Field, index: string])[] = [
  [scalarField("status"), "job_group_by_status"],
  [scalarField("priority"), "job_group_by_priority"],
];

const SORTED: Partial<Record<SortField, string>> = {
  createdAt: "job_group_by_created_at",
  name: "job_group_by_name",
  priority: "job_group_by_priority",
  status: "job_group_by_status",
};

export function chooseAccessPath(query: Query): AccessPath {
  const filters = query.filter === undefined ? [] : conjuncts(query.filter);
  if (inFilter(filters, scalarField("_id")) !== undefined) return through(query, filters);
  return (
    throughRareValue(query, filters) ??
    throughSearch(query, filters) ??
    throughCommonValue(query, filters) ??
    through(query, filters, SORTED[query.sort])
  );
}

const inFilter = (filters: readonly Filter[], field: Field): InFilter | undefined =>
  filters
    .filter((part): part is InFilter => part.operator === "$in" && part.values.length > 0)
    .find((part) => part.field === field);

const searchConditions = (search: string | undefined): SQL[] =>
  search === undefined ? [] : [searchCondition(search)];

const through = (
  { workspace, search }: Query,
  filters: readonly Filter[],
  index?: string,
): AccessPath => ({
  from: index === undefined ? sql`${jobGroup}` : sql`${jobGroup} INDEXED BY ${sql.raw(index)}`,
  conditions: [sql`${jobGroup.workspace} = ${workspace}`, ...searchConditions(search)],
  filters,
  createdAt: jobGroup.createdAt,
  id: jobGroup.id,
});

function throughRareValue(query: Query, filters: readonly Filter[]): AccessPath | undefined {
  for (const [field, index] of RARE) {
    const chosen = inFilter(filters, field);
    if (chosen === undefined) continue;
    if (field === tagsField) return throughTags(query, filters, chosen);
    return through(query, filters, index);
  }
  return undefined;
}

/** Reads the tags' own rows. */
function throughTags(
  { workspace, search }: Query,
  filters: readonly Filter[],
  tags: InFilter,
): AccessPath {
  const values = sql.join(
    tags.values.map((tag) => sql`${tag}`),
    sql.raw(", "),
  );
  // A group has each tag once, but may have several of those asked for.
  const distinct = sql.raw(tags.values.length === 1 ? "" : "DISTINCT");
  const tagged = sql`(SELECT ${distinct} created_at AS tagged_at, group_id AS tagged_id FROM job_group_tag
    WHERE workspace = ${workspace} AND tag IN (${values}))`;
  return {
    from: sql`${tagged} CROSS JOIN ${jobGroup} ON ${jobGroup.id} = tagged_id`,
    countFrom: tagged,
    conditions: searchConditions(search),
    filters: filters.filter((part) => part !== tags),
    createdAt: sql`tagged_at`,
    id: sql`tagged_id`,
  };
}

function throughSearch(query: Query, filters: readonly Filter[]): AccessPath | undefined {
  const { workspace, search } = query;
  const match = search === undefined ? undefined : searchMatch(workspace, search);
  if (match === undefined) return undefined;
  const path = through(query, filters);
  return {
    ...path,
    from: sql`job_group_search CROSS JOIN ${jobGroup} ON ${jobGroup.rowid} = job_group_search.rowid`,
    conditions: [sql`job_group_search MATCH ${match}`, ...path.conditions],
  };
}

function throughCommonValue(query: Query, filters: readonly Filter[]): AccessPath | undefined {
  if (query.sort !== "createdAt") return undefined;
  for (const [field, index] of COMMON) {
    const chosen = inFilter(filters, field);
    if (chosen === undefined) continue;
    const path = through(query, filters, index);
    if (chosen.values.length === 1) return path;
    const rest = filters.filter((part) => part !== chosen);
    if (query.search === undefined && isRepeatable(rest, chosen))
      return { ...path, ranges: chosen };
  }
  return undefined;
}

const MAX_RANGES = 5;
const MAX_REPEATED = 10;
const SIMPLE = new Set([...COMMON.map(([field]) => field), scalarField("createdAt")]);

/** The rest of a filter is repeated for each range, and D1 limits the parameters of a statement. */
function isRepeatable(filters: readonly Filter[], { values }: InFilter): boolean {
  const bound = filters.flatMap((part) => ("values" in part ? part.values : 0));
  const simple = filters.every((part) => "field" in part && SIMPLE.has(part.field));
  return simple && values.length <= MAX_RANGES && bound.length <= MAX_REPEATED;
}
