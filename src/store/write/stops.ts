import { type SQL, sql } from "drizzle-orm";
import { sha256Hex } from "../../lib/sha256.ts";
import { MOVING } from "../../lib/transient.ts";
import { type Db, runBatch } from "../db.ts";
import type { StopState } from "../move-phases.ts";

interface Refused {
  readonly write: string;
  readonly row: "NEW" | "OLD";
  /** The states in which the write is refused. */
  readonly states: readonly StopState[];
}

const ALWAYS = ["stopped", "arriving", "opening", "left"] as const;
/** The copy of a move inserts while the workspace is arriving. */
const NOT_OF_COPY = ["stopped", "opening", "left"] as const;
/** The old rows are deleted when the workspace has left. */
const NOT_OF_REMOVAL = ["stopped", "opening"] as const;

/** The writes that a stop refuses. The commit of a command always updates its group, or inserts it. */
const REFUSED: readonly Refused[] = [
  { write: "INSERT ON job_group", row: "NEW", states: NOT_OF_COPY },
  // A deletion may leave the row of its group without a workspace.
  { write: "UPDATE ON job_group", row: "OLD", states: ALWAYS },
  { write: "UPDATE ON delivery", row: "NEW", states: ALWAYS },
  { write: "INSERT ON webhook", row: "NEW", states: NOT_OF_COPY },
  { write: "UPDATE ON webhook", row: "NEW", states: ALWAYS },
  { write: "DELETE ON webhook", row: "OLD", states: NOT_OF_REMOVAL },
  { write: "INSERT ON receipt", row: "NEW", states: NOT_OF_COPY },
];

/**
 * Makes this database refuse writes of one workspace. Its triggers are made here and not by a migration: they would cost
 * every commit of every workspace a look at the table, and no workspace moves on most days.
 */
export async function stop(db: Db, workspace: string, state: StopState): Promise<void> {
  const mark = await markOf(workspace);
  await runBatch(db, [
    ...REFUSED.flatMap((refused, index) =>
      triggerOf(refused, `${mark}_${index}`, workspace, state),
    ),
    sql`INSERT INTO workspace_stop (workspace, state) VALUES (${workspace}, ${state})
      ON CONFLICT (workspace) DO UPDATE SET state = excluded.state`,
  ]);
}

/** Lets a workspace be written again. */
export async function endStop(db: Db, workspace: string): Promise<void> {
  const mark = await markOf(workspace);
  await runBatch(db, [
    ...REFUSED.map((_, index) => sql.raw(`DROP TRIGGER IF EXISTS ${mark}_${index}`)),
    sql`DELETE FROM workspace_stop WHERE workspace = ${workspace}`,
  ]);
}

/** A schema takes no parameters: the name of the workspace stands in the trigger's text. */
function triggerOf(refused: Refused, name: string, workspace: string, state: StopState): SQL[] {
  const { write, row, states } = refused;
  const isOurs = `${row}.workspace = '${workspace.replaceAll("'", "''")}'`;
  return [
    sql.raw(`DROP TRIGGER IF EXISTS ${name}`),
    ...(states.includes(state)
      ? [
          sql.raw(
            `CREATE TRIGGER ${name} BEFORE ${write} WHEN ${isOurs} BEGIN SELECT RAISE(ABORT, '${MOVING}'); END`,
          ),
        ]
      : []),
  ];
}

const markOf = async (workspace: string): Promise<string> =>
  `workspace_stop_${(await sha256Hex(workspace)).slice(0, 16)}`;
