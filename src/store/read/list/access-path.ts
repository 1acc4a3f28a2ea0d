import { type SQL, sql, type SQLWrapper } from "drizzle-orm";
import { jobGroup } from "../../schema.ts";
import { conjuncts, type Filter } from "./compile-filter.ts";
import { type Field, scalarField, type SortField, tagsField } from "./fields.ts";
import { searchCondition, searchMatch } from "./search.ts";

type Asked = Extract<Filter, { values: unknown }>;

/** By which way the groups are come upon: an index is named, so that no guess of SQLite's decides. */
export interface AccessPath {
  readonly from: SQL;
  /** Enough to count them by, when nothing is asked of the groups themselves. */
  readonly countFrom?: SQL;
  readonly conditions: readonly SQL[];
  /** What of the filter is still to be asked of each group. */
  readonly filters: readonly Filter[];
  /** Where this way has the group's age and id. */
  readonly createdAt: SQLWrapper;
  readonly id: SQLWrapper;
  /** A condition with several values whose groups lie in as many ranges of the index. */
  readonly ranges?: Asked;
}

interface Query {
  readonly workspace: string;
  readonly sort: SortField;
  readonly filter?: Filter | undefined;
  readonly search?: string | undefined;
}

/** Those asked for exactly one value leave few groups: rarest first. */
const RARE: readonly (readonly [Field, index: string])[] = [
  [scalarField("batchNumber"), "job_group_by_batch_number"],
  [scalarField("name"), "job_group_by_name"],
  [scalarField("createdBy"), "job_group_by_created_by"],
  [scalarField("assignedTo"), "job_group_by_assigned_to"],
  [tagsField, ""],
  [scalarField("template"), "job_group_by_template"],
];

/** Those of which a value leaves many: of use when the groups are wanted by age. */
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

export function chooseAccessPath({ workspace, sort, filter, search }: Query): AccessPath {
  const filters = filter === undefined ? [] : conjuncts(filter);
  const askedOf = (field: Field): Asked | undefined =>
    filters
      .filter((part): part is Asked => part.operator === "$in" && part.values.length > 0)
      .find((part) => part.field === field);
  const searchConditions = search === undefined ? [] : [searchCondition(search)];
  const through = (index: string | undefined): AccessPath => ({
    from: index === undefined ? sql`${jobGroup}` : sql`${jobGroup} INDEXED BY ${sql.raw(index)}`,
    conditions: [sql`${jobGroup.workspace} = ${workspace}`, ...searchConditions],
    filters,
    createdAt: jobGroup.createdAt,
    id: jobGroup.id,
  });

  const one = askedOf(scalarField("_id"));
  if (one !== undefined) return through(undefined);
  for (const [field, index] of RARE) {
    const asked = askedOf(field);
    if (asked === undefined) continue;
    if (field !== tagsField) return through(index);
    const rest = filters.filter((part) => part !== asked);
    return { ...throughTags(workspace, asked.values), conditions: searchConditions, filters: rest };
  }
  const match = search === undefined ? undefined : searchMatch(workspace, search);
  if (match !== undefined) {
    const found = through(undefined);
    const from = sql`job_group_search CROSS JOIN ${jobGroup} ON ${jobGroup.rowid} = job_group_search.rowid`;
    return {
      ...found,
      from,
      conditions: [sql`job_group_search MATCH ${match}`, ...found.conditions],
    };
  }
  if (sort !== "createdAt") return through(SORTED[sort]);
  for (const [field, index] of COMMON) {
    const asked = askedOf(field);
    if (asked === undefined) continue;
    const access = through(index);
    if (asked.values.length === 1) return access;
    const rest = filters.filter((part) => part !== asked);
    if (search === undefined && isSimple(rest, asked)) return { ...access, ranges: asked };
  }
  return through(SORTED[sort]);
}

/** A group's tags are rows of their own. */
function throughTags(workspace: string, tags: Asked["values"]) {
  const values = sql.join(
    tags.map((tag) => sql`${tag}`),
    sql.raw(", "),
  );
  // A group may have several of the tags, but only once the same.
  const distinct = sql.raw(tags.length === 1 ? "" : "DISTINCT");
  const tagged = sql`(SELECT ${distinct} created_at AS tagged_at, group_id AS tagged_id FROM job_group_tag
    WHERE workspace = ${workspace} AND tag IN (${values}))`;
  return {
    from: sql`${tagged} CROSS JOIN ${jobGroup} ON ${jobGroup.id} = tagged_id`,
    countFrom: tagged,
    createdAt: sql`tagged_at`,
    id: sql`tagged_id`,
  };
}

const MAX_RANGES = 5;
const MAX_REPEATED = 10;
const SIMPLE = new Set([...COMMON.map(([field]) => field), scalarField("createdAt")]);

/** Whether the rest of a filter can be repeated for each range within what D1 takes in a statement. */
function isSimple(filters: readonly Filter[], { values }: Asked): boolean {
  const bound = filters.flatMap((part) => ("values" in part ? part.values : 0));
  const simple = filters.every((part) => "field" in part && SIMPLE.has(part.field));
  return simple && values.length <= MAX_RANGES && bound.length <= MAX_REPEATED;
}
