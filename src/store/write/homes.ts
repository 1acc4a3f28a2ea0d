import { type SQL, sql } from "drizzle-orm";
import { type Db, runBatch } from "../db.ts";
import type { GroupCursor, Move, MovePhase } from "../move-phases.ts";

/** Reads the moves of the directory that are under way, the oldest first. */
export async function readMoves(directory: Db): Promise<Move[]> {
  const [found] = await runBatch<Record<string, unknown>>(directory, [
    sql`SELECT workspace, shard, moves_from AS movesFrom, moves_to AS movesTo, phase, phase_at AS phaseAt,
        copied_to AS copiedTo, failure
      FROM workspace_home WHERE moves_to IS NOT NULL ORDER BY phase_at`,
  ]);
  return (found?.results ?? []).map((row) => ({
    ...(row as unknown as Move),
    copiedTo: JSON.parse(String(row["copiedTo"])) as GroupCursor | null,
  }));
}

/** No row is in the phase when another run has gone on already. */
const inPhase = ({ workspace, phase, phaseAt }: Move): SQL =>
  sql`workspace = ${workspace} AND phase = ${phase} AND phase_at = ${phaseAt}`;

type Entered = Partial<Pick<Move, "shard" | "failure">>;

/** Goes on to a phase. */
export async function enterPhase(
  directory: Db,
  move: Move,
  phase: MovePhase,
  now: number,
  { shard = move.shard, failure = null }: Entered = {},
): Promise<void> {
  await runBatch(directory, [
    sql`UPDATE workspace_home SET phase = ${phase}, phase_at = ${now}, shard = ${shard}, failure = ${failure}
      WHERE ${inPhase(move)}`,
  ]);
}

/** Notes the last group of a page that is copied: the next run begins behind it. */
export async function noteCopied(directory: Db, move: Move, copiedTo: GroupCursor): Promise<void> {
  await runBatch(directory, [
    sql`UPDATE workspace_home SET copied_to = ${JSON.stringify(copiedTo)} WHERE ${inPhase(move)}`,
  ]);
}

/** Ends a move. Its failure stays to be read. */
export async function endMove(directory: Db, move: Move): Promise<void> {
  await runBatch(directory, [
    sql`UPDATE workspace_home
      SET moves_from = NULL, moves_to = NULL, phase = NULL, phase_at = NULL, copied_to = NULL
      WHERE ${inPhase(move)}`,
  ]);
}
