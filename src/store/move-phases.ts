/**
 * The phases of a move, in their order:
 * - `announced`: nothing has changed yet. Whoever knows the old home learns to ask again every second.
 * - `stopped`: the old home refuses the workspace's writes, and its rows are copied.
 * - `opening`: the new home answers reads. It refuses writes until everybody knows it.
 * - `leaving`: the new home answers all. The old rows stay until nobody can be reading them any more.
 * - `failed`: the copy was not what was copied. The workspace stays in its old home.
 */
export const MOVE_PHASES = ["announced", "stopped", "opening", "leaving", "failed"] as const;

export type MovePhase = (typeof MOVE_PHASES)[number];

/**
 * - `stopped`: the rows are the truth, and are being copied.
 * - `arriving`: the rows are being written by the copy. Nobody else knows of them.
 * - `opening`: the rows are the truth, but somebody may not know it yet.
 * - `left`: the rows are out of date, and are being removed.
 */
export const STOP_STATES = ["stopped", "arriving", "opening", "left"] as const;

export type StopState = (typeof STOP_STATES)[number];
