import type { Mutant } from "./mutant.ts";

const BOUNDS = "test/unit/list/list-bounds.test.ts";

const LINES = "test/unit/store/fill-line.test.ts";

export const listMutants: readonly Mutant[] = [
  {
    name: "a list that leaves off where its texts are too long",
    file: "src/store/read/list/candidates.ts",
    find: " && bytes <= bounds.bytes",
    replace: "",
    killedBy: { file: BOUNDS, test: "is refused when the texts that it goes through are too long" },
  },
  {
    name: "a list that sorts what it has looked at",
    file: "src/store/read/list/read-sorted.ts",
    find: 'if (!isWhole({ seen, bytes }, path, bounds)) return "examined";',
    replace: "",
    killedBy: { file: BOUNDS, test: "is refused when it has to sort them" },
  },
  {
    name: "a page that ends where its work ends",
    file: "src/store/read/list/read-in-order.ts",
    find: "!isFull && !isAll &&",
    replace: "false &&",
    killedBy: { file: BOUNDS, test: "is refused when too few of the first match" },
  },
  {
    name: "a bounded count that says it is exact",
    file: "src/store/read/list/count-query.ts",
    find: "isCapped: total > most",
    replace: "isCapped: false",
    killedBy: { file: BOUNDS, test: "counts so many and says that there may be more" },
  },
  {
    name: "an offset of any depth",
    file: "src/store/read/list/read-in-order.ts",
    find: 'if (isDeep && rows.length > 0) return "passed";',
    replace: "",
    killedBy: { file: BOUNDS, test: "an offset skips so many groups" },
  },
  {
    name: "a search in all workspaces",
    file: "src/store/read/list/access-path.ts",
    find: '[{ operator: "$in", field: WORKSPACE, values: [workspace] }, ...filters]',
    replace: "filters",
    killedBy: { file: BOUNDS, test: "a bounded list is refused, or is the page" },
  },
  {
    name: "a search that goes through all of its index",
    file: "src/store/read/list/search-weight.ts",
    find: "WHEN part_pages <= ${searched} OR ${entriesOf(sql`part`, most + 1)} <= ${inText(most)} THEN part END",
    replace: "ELSE part END",
    killedBy: { file: BOUNDS, test: "is refused when its trigrams are common in other" },
  },
  {
    name: "a search that takes a trigram for the text",
    file: "src/store/read/list/read-searched.ts",
    find: "AND (is_part = 0 OR (NOT ${isLong} AND ${searchCondition(search)}))",
    replace: "",
    killedBy: { file: BOUNDS, test: "looks for a rare trigram" },
  },
  {
    name: "a search that counts groups of a workspace whose name ends alike",
    file: "src/store/read/list/read-searched.ts",
    find: "SELECT 1 FROM search_scope WHERE scope = ${scopeOf(workspace)} AND workspace <> ${workspace}",
    replace: "SELECT 1 WHERE FALSE",
    killedBy: { file: BOUNDS, test: "counts no group of a workspace whose name ends alike" },
  },
  {
    name: "a search that counts more hits than it looks at with those of another workspace",
    file: "src/store/read/list/read-searched.ts",
    find: "isPlain(path) && isPart === 0 && isOwn === 1;",
    replace: "isPlain(path) && isPart === 0;",
    killedBy: { file: BOUNDS, test: "counts no group of a workspace whose name ends alike" },
  },
  {
    name: "a search that ends where its walk ends",
    file: "src/store/read/list/read-searched.ts",
    find: "if (isWalked === 1 && rows.length <= query.limit && !isAll) {",
    replace: "if (rows.length > 1e9) {",
    killedBy: { file: BOUNDS, test: "goes on where a page among many hits ends" },
  },
  {
    name: "a line that is whole after its first step",
    file: "src/store/write/fill-line.ts",
    find: "LIMIT 1 OFFSET ${step - 1})`",
    replace: "LIMIT 0)`",
    killedBy: { file: LINES, test: "is not whole before a claim has looked at all groups" },
  },
  {
    name: "a step that another claim has taken sets the line back",
    file: "src/store/write/fill-line.ts",
    find: " AND fill = ${fill} RETURNING fill",
    replace: " RETURNING fill",
    killedBy: { file: LINES, test: "takes a step again that another claim has taken" },
  },
  {
    name: "a line that is filled with groups at their limit before others",
    file: "src/store/write/fill-line.ts",
    find: "ranks: sql`rank = 8`",
    replace: "ranks: sql`rank >= 0`",
    killedBy: { file: LINES, test: "begins with the groups that a claim takes first" },
  },
  {
    name: "a filter that goes before its lines",
    file: "src/store/write/drop-filters.ts",
    find: "AND NOT EXISTS (SELECT 1 FROM claim_line WHERE workspace = filter.workspace AND filter_id = filter.id) LIMIT",
    replace: "LIMIT",
    killedBy: { file: LINES, test: "goes when its lines have gone" },
  },
  {
    name: "a claim says that nothing is queued before its line is whole",
    file: "src/store/read/claimable.ts",
    find: "if (line.isFilling) return",
    replace: "if (Date.now() === 0) return",
    killedBy: {
      file: "test/workers/claim-filter.test.ts",
      test: "a new filter looks for its groups",
    },
  },
  {
    name: "a list that shares a query begun before it came",
    file: "src/lib/shared-reads.ts",
    find: "this.#forget(key, own);\n      return read();",
    replace: "return read();",
    killedBy: {
      file: "test/unit/shared-reads.test.ts",
      test: "equal reads that come while one runs",
    },
  },
  {
    name: "dear lists that do not wait for their turn",
    file: "src/lib/turns.ts",
    find: "this.#rules.most(name) - running.size;",
    replace: "this.#rules.most(name);",
    killedBy: { file: "test/unit/turns.test.ts", test: "works of a lane run so many at once" },
  },
  {
    name: "a query that two workspaces share",
    file: "src/api/groups/list-job-groups.ts",
    find: "[...identity, shard, limit, offset, position, bookmarkIn(c)]",
    replace: "[...identity.slice(1), shard, limit, offset, position, bookmarkIn(c)]",
    killedBy: { file: "test/workers/shared-lists.test.ts", test: "equal lists of two workspaces" },
  },
];
