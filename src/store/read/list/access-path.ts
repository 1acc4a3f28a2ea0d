import { and, type SQL, sql, type SQLWrapper } from "drizzle-orm";
import { jobGroup } from "../../schema.ts";
import { compileFilter, conjuncts, fixed, type Filter, type InFilter } from "./compile-filter.ts";
import { splitBounds } from "./created-at-bounds.ts";
import { type Field, scalarField, type SortField, tagsField } from "./fields.ts";
import { phraseOf, queryFor } from "./search.ts";

/** A way to come upon the groups of a list. The index is forced with `INDEXED BY`, so SQLite does not guess. */
export interface AccessPath {
  readonly source: SQL;
  /** The column of `job_group` by which the source names a group, and the source's own. */
  readonly key: SQLWrapper;
  readonly at: SQLWrapper;
  /** The source answers these without meeting any other group. */
  readonly conditions: readonly SQL[];
  /** Each group that the source yields is checked against the rest. */
  readonly filters: readonly Filter[];
  readonly search: string | undefined;
  /** The columns in which this source has the group's age and id. */
  readonly createdAt: SQLWrapper;
  readonly id: SQLWrapper;
  /** The source yields the groups in the order of the list. */
  readonly inOrder: boolean;
  /** The source yields all groups of the workspace, or all of a range of time. */
  readonly isWalk: boolean;
  /** One value of the field may have very many groups, so their number is counted less far. */
  readonly isCommon: boolean;
  /** All that is left to be checked is the priority, and the index holds it. */
  readonly isCovered: boolean;
  /** The text that the search index is asked for. */
  readonly phrase?: string;
  /** A condition with several values: the groups of each are one range of the index, in order. */
  readonly ranges?: InFilter;
}

interface Query {
  readonly workspace: string;
  readonly sort: SortField;
  readonly filter?: Filter | undefined;
  readonly search?: string | undefined;
}

const template = scalarField("template");
const priority = scalarField("priority");
const createdAt = scalarField("createdAt");

/** Fields of which one value has few groups, rarest first. */
const RARE: readonly (readonly [Field, index: string])[] = [
  [scalarField("batchNumber"), "job_group_by_batch_number"],
  [scalarField("name"), "job_group_by_name"],
  [scalarField("createdBy"), "job_group_by_created_by"],
  [scalarField("assignedTo"), "job_group_by_assigned_to"],
  [tagsField, ""],
  [template, "job_group_by_template"],
];

/** Fields of which one value has many groups. */
const COMMON: readonly (readonly [Field, index: string])[] = [
  [scalarField("status"), "job_group_by_status"],
  [priority, "job_group_by_priority"],
];

const BY_AGE = "job_group_by_created_at";
const SORTED: Partial<Record<SortField, string>> = {
  createdAt: BY_AGE,
  name: "job_group_by_name",
  priority: "job_group_by_priority",
  status: "job_group_by_status",
};

/** Fields by which lists of any length are sorted. */
export const SORTED_FIELDS: readonly string[] = Object.keys(SORTED);
export const sortedIndex = (sort: SortField): string | undefined => SORTED[sort];
export const isIndexed = (sort: SortField): boolean => sort in SORTED;

/** Fields of which a value leaves few groups to look at, as clients name them. */
export const CHOSEN_FIELDS = [
  "_id",
  "batchNumber",
  "name",
  "createdBy",
  "assignedTo",
  "tags",
  "template",
];

const MOST_PATHS = 3;

/** The access paths of a list, best first. A later one is for a list that the earlier ones meet too many groups for. */
export function accessPaths(query: Query): AccessPath[] {
  const filters = partsOf(query);
  if (inFilter(filters, scalarField("_id")) !== undefined) {
    return [through(query, filters, "job_group_by_id", scalarField("_id"))];
  }
  const found = [rareValue(query, filters), searched(query, filters)];
  return [...found, ...commonValues(query, filters), ...walks(query, filters)]
    .filter((path) => path !== undefined)
    .slice(0, MOST_PATHS);
}

const partsOf = ({ filter }: Query): Filter[] => (filter === undefined ? [] : conjuncts(filter));

const inFilter = (filters: readonly Filter[], field: Field): InFilter | undefined =>
  filters
    .filter((part): part is InFilter => part.operator === "$in" && part.values.length > 0)
    .find((part) => part.field === field);

/** Goes through an index that begins with the field, if one is given, and goes on by age. */
function through(
  query: Query,
  filters: readonly Filter[],
  index: string,
  field?: Field,
): AccessPath {
  const chosen = field && inFilter(filters, field);
  const left = filters.filter((part) => part !== chosen);
  const goesOnByAge = chosen !== undefined || index === BY_AGE;
  const { bounds, others } = goesOnByAge ? splitBounds(left) : { bounds: [], others: left };
  const served = chosen === undefined ? bounds : [chosen, ...bounds];
  const isOneRange = chosen === undefined || new Set(chosen.values).size === 1;
  return {
    source: sql`${jobGroup} INDEXED BY ${sql.raw(index)}`,
    key: jobGroup.rowid,
    at: jobGroup.rowid,
    conditions: [
      sql`${jobGroup.workspace} = ${fixed(query.workspace)}`,
      ...served.map(compileFilter),
    ],
    filters: others,
    search: query.search,
    createdAt: jobGroup.createdAt,
    id: jobGroup.id,
    inOrder: isOneRange && comesOutSorted(query.sort, index, chosen?.field),
    isWalk: chosen === undefined,
    isCommon: field === template,
    isCovered:
      index === "job_group_by_status" && query.search === undefined && isOfPriority(others),
  };
}

const isOfPriority = (filters: readonly Filter[]): boolean =>
  filters.length > 0 && filters.every((part) => "field" in part && part.field === priority);

const comesOutSorted = (sort: SortField, index: string, fixed: Field | undefined): boolean =>
  fixed === undefined
    ? SORTED[sort] === index
    : sort === "createdAt" || scalarField(sort) === fixed;

function rareValue(query: Query, filters: readonly Filter[]): AccessPath | undefined {
  for (const [field, index] of RARE) {
    const chosen = inFilter(filters, field);
    if (chosen === undefined) continue;
    if (field === tagsField) return tagged(query, filters, chosen);
    return through(query, filters, index, field);
  }
  return undefined;
}

/** Reads the tags' own rows. */
function tagged(query: Query, filters: readonly Filter[], tags: InFilter): AccessPath {
  const isOne = new Set(tags.values).size === 1;
  const { bounds, others } = splitBounds(filters.filter((part) => part !== tags));
  const conditions = [
    sql`job_group_tag.workspace = ${fixed(query.workspace)}`,
    compileFilter({ ...tags, field: { ...template, expression: sql`job_group_tag.tag` } }),
    ...bounds.map((bound) =>
      compileFilter({
        ...bound,
        field: { ...createdAt, expression: sql`job_group_tag.created_at` },
      }),
    ),
  ];
  return {
    ...through(query, [], BY_AGE),
    // A group has each tag once, but may have several of those asked for.
    source: isOne
      ? sql`job_group_tag`
      : sql`(SELECT DISTINCT created_at, group_id FROM job_group_tag WHERE ${and(...conditions)}) AS tagged`,
    conditions: isOne ? conditions : [],
    key: jobGroup.id,
    at: sql`group_id`,
    createdAt: isOne ? sql`job_group_tag.created_at` : sql`tagged.created_at`,
    id: sql`group_id`,
    filters: others,
    inOrder: isOne && query.sort === "createdAt",
    isWalk: false,
    isCommon: true,
  };
}

/** Asks the search index. It yields groups of other workspaces too, whose names end alike. */
function searched(query: Query, filters: readonly Filter[]): AccessPath | undefined {
  const { workspace, search } = query;
  const asked = search === undefined ? undefined : phraseOf(search);
  if (asked === undefined) return undefined;
  return {
    ...through(query, [], BY_AGE),
    source: sql`job_group_search`,
    at: sql`job_group_search.rowid`,
    conditions: [sql`job_group_search MATCH ${queryFor(workspace, asked.phrase)}`],
    filters: [{ operator: "$in", field: WORKSPACE, values: [workspace] }, ...filters],
    search: asked.isWhole ? undefined : search,
    inOrder: false,
    isWalk: false,
    phrase: asked.phrase,
  };
}

const WORKSPACE: Field = { ...scalarField("name"), expression: jobGroup.workspace };

/** The groups of a status or a priority, while the list is sorted by age. */
function commonValues(query: Query, filters: readonly Filter[]): AccessPath[] {
  if (query.sort !== "createdAt") return [];
  const paths = COMMON.flatMap(([field, index]) => {
    const chosen = inFilter(filters, field);
    return chosen === undefined ? [] : [{ chosen, path: through(query, filters, index, field) }];
  });
  const one = paths.filter(({ path }) => path.inOrder);
  if (one.length > 0) return one.map(({ path }) => path);
  return paths.flatMap(({ chosen, path }) => inRanges(query, filters, chosen, path));
}

const MAX_RANGES = 5;

function inRanges(
  { workspace, search }: Query,
  filters: readonly Filter[],
  ranges: InFilter,
  path: AccessPath,
): AccessPath[] {
  const { bounds, others } = splitBounds(filters.filter((part) => part !== ranges));
  if (others.length > 0 || search !== undefined || ranges.values.length > MAX_RANGES) return [];
  const conditions = [
    sql`${jobGroup.workspace} = ${fixed(workspace)}`,
    ...bounds.map(compileFilter),
  ];
  return [{ ...path, conditions, ranges, inOrder: true }];
}

/** Goes through the groups of the workspace, or of a range of time, from one end to the other. */
export const walkByAge = (query: Query): AccessPath => through(query, partsOf(query), BY_AGE);

/** Goes through the groups of the workspace in the order of the list, or through some of them to sort them. */
function walks(query: Query, filters: readonly Filter[]): AccessPath[] {
  const byAge = walkByAge(query);
  if (query.sort === "createdAt") return [byAge];
  const index = SORTED[query.sort];
  const sorted = scalarField(query.sort);
  const isFixed = new Set(inFilter(filters, sorted)?.values).size === 1;
  const inOrder =
    index === undefined ? [] : [through(query, filters, index, isFixed ? sorted : undefined)];
  const [field, common] = COMMON.find(([field]) => inFilter(filters, field)) ?? [];
  const some = common === undefined ? [] : [through(query, filters, common, field)];
  // Groups of a range of time are few, as a rule, and those of a sorted index are all of them.
  if (byAge.conditions.length > 1) return [byAge, ...inOrder, ...some];
  const others = [...inOrder, ...some];
  return others.length > 0 ? others : [byAge];
}
