import { type SQL, sql } from "drizzle-orm";
import { type Db, runBatch } from "../db.ts";
import type { FilteredLine } from "../read/claimable.ts";

/** Groups that a statement looks at. */
const STEP = 1_000;

type Cursor = readonly (string | number)[];

/** Groups that a line may have, in the order of an index, and their ranks in the line. */
interface Part {
  readonly from: SQL;
  readonly keys: SQL;
  readonly ranks: SQL;
}

const partsOf = (workspace: string): readonly [ready: Part, full: Part] => [
  {
    from: sql`job_group INDEXED BY job_group_claimable WHERE workspace = ${workspace} AND claim_rank IS NOT NULL`,
    keys: sql`claim_rank, claim_order, id`,
    ranks: sql`rank < 8`,
  },
  {
    from: sql`job_group INDEXED BY job_group_by_status WHERE workspace = ${workspace} AND status = 'processing'`,
    keys: sql`created_at, id`,
    ranks: sql`rank = 8`,
  },
];

/**
 * Adds the next groups to the line of a filter: of those in line, highest priority and oldest first, and of those at their
 * `parallelJobs`. A group whose place changes meanwhile is added by a trigger, so no group is passed over. `fill` is how
 * far the line was filled before; a step that ends without an answer is taken again, or was taken as a whole.
 */
export async function fillFurther(
  db: Db,
  { workspace, filterId }: FilteredLine,
  fill: string,
  step = STEP,
): Promise<{ fill: string | null; isFruitful: boolean }> {
  const cursors = JSON.parse(fill) as [Cursor | null, Cursor | null];
  const steps = partsOf(workspace).map((part, at) => stepOf(part, cursors[at] ?? null, step));
  const ends = steps.map(({ end }) => sql`json(${end})`);
  const results = await runBatch<{ fill: string | null }>(db, [
    ...steps.map(
      ({ groups, ranks }) => sql`INSERT OR IGNORE INTO claim_line SELECT * FROM claim_match
        WHERE workspace = ${workspace} AND filter_id = ${filterId} AND ${ranks} AND group_id IN (${groups})`,
    ),
    sql`UPDATE claim_filter SET fill = nullif(json_array(${sql.join(ends, sql`, `)}), '[null,null]')
      WHERE workspace = ${workspace} AND id = ${filterId} AND fill = ${fill} RETURNING fill`,
  ]);
  const [ready, , updated] = results;
  // Without a row, another claim has taken the same step.
  const [filled] = updated?.results ?? [];
  return {
    fill: filled === undefined ? fill : filled.fill,
    isFruitful: filled === undefined || (ready?.meta.changes ?? 0) > 0,
  };
}

/** The groups after the cursor, and the keys of the last one of a whole step, or NULL. */
function stepOf({ from, keys, ranks }: Part, cursor: Cursor | null, step: number) {
  if (cursor === null) return { groups: sql`NULL`, end: sql`NULL`, ranks };
  const values = cursor.map((key) => sql`${key}`);
  const next = sql`FROM ${from} AND (${keys}) > (${sql.join(values, sql`, `)}) ORDER BY ${keys}`;
  return {
    groups: sql`SELECT id ${next} LIMIT ${step}`,
    end: sql`(SELECT json_array(${keys}) ${next} LIMIT 1 OFFSET ${step - 1})`,
    ranks,
  };
}
