/**
 * The phases of a move, in their order:
 * - `announced`: nothing has changed yet. Whoever knows the old home learns to ask again every second.
 * - `stopped`: the old home refuses the workspace's writes, and its rows are copied.
 * - `opening`: the new home answers reads. It refuses writes until everybody knows it.
 * - `leaving`: the new home answers all. The old rows stay until nobody can be reading them any more.
 * - `failed`: the copy was not what was copied. The old home answers all again, and the copy is removed.
 */
export const MOVE_PHASES = ["announced", "stopped", "opening", "leaving", "failed"] as const;

export type MovePhase = (typeof MOVE_PHASES)[number];

/** `true` when the home that is known may be another one within the minute. */
export const isUnsettled = (phase: MovePhase | null): boolean =>
  phase === "announced" || phase === "stopped" || phase === "opening";

/**
 * - `stopped`: the rows are the truth, and are being copied.
 * - `arriving`: the rows are being written by the copy. Nobody else knows of them.
 * - `opening`: the rows are the truth, but somebody may not know it yet.
 * - `left`: the rows are out of date, and are being removed.
 */
export const STOP_STATES = ["stopped", "arriving", "opening", "left"] as const;

export type StopState = (typeof STOP_STATES)[number];

/** The place of a group among those of its workspace, in the order of their age. */
export interface GroupCursor {
  readonly createdAt: number;
  readonly id: string;
}

/** A move that is under way. */
export interface Move {
  readonly workspace: string;
  /** The number of the database that the workspace lives in: the new one from `opening` on. */
  readonly shard: number;
  readonly movesFrom: number;
  readonly movesTo: number;
  readonly phase: MovePhase;
  readonly phaseAt: number;
  readonly copiedTo: GroupCursor | null;
  readonly failure: string | null;
}
