import { connect, type Db } from "../store/db.ts";
import { databaseAt, databasesOf } from "../store/shards.ts";
import type { GroupCursor, Move, MovePhase } from "../store/move-phases.ts";
import { hasRemovals } from "../store/read/stalled-removals.ts";
import { compareGroups, isRestCopied } from "../store/write/compare-copies.ts";
import { copyGroups, copyRest } from "../store/write/copy-workspace.ts";
import { endMove, enterPhase, noteCopied, readMoves } from "../store/write/homes.ts";
import { removeWorkspace } from "../store/write/remove-workspace.ts";
import { endStop, stop } from "../store/write/stops.ts";

/** The time, and the number of looks at the clock, for which a run works on one move. The next run, a minute later, goes on. */
const [RUN_MS, RUN_STEPS] = [50_000, 300];
/** An isolate remembers the home of a key for a minute, and for a second once it knows of the move. */
const [ALL_KNOW_MS, ALL_ASK_AGAIN_MS] = [66_000, 3_000];
/** Longer than any request may go on reading the old rows. */
const NOBODY_READS_MS = 15 * 60_000;

interface Step {
  readonly directory: Db;
  readonly from: Db;
  readonly to: Db;
  readonly move: Move;
  readonly isOver: () => boolean;
}

/**
 * Moves workspaces to other databases: the first phase is written by `npm run move:workspace`, the Cron Trigger does the
 * rest. Every phase may be run again from its beginning, also by two runs at once, so it does not matter where one dies.
 *
 * From `stopped` to `opening` the workspace's writes are refused with 503, by triggers in both databases: nothing that
 * holds an old home in memory can write past the copy. Reads are answered all the time. The switch itself is one row of
 * the directory.
 */
export async function moveWorkspaces(env: Env): Promise<void> {
  if (databasesOf(env).length === 1) return;
  const directory = connect(env.DB);
  for (const move of await readMoves(directory)) {
    await advance(env, directory, move).catch((error: unknown) =>
      console.error("workspace not moved on", move.workspace, move.phase, error),
    );
  }
}

/** Runs the move's phases until one has to wait for the next run. */
async function advance(env: Env, directory: Db, first: Move): Promise<void> {
  const until = Date.now() + RUN_MS;
  let steps = 0;
  const isOver = () => ++steps > RUN_STEPS || Date.now() >= until;
  const from = connect(databaseAt(env, first.movesFrom));
  const to = connect(databaseAt(env, first.movesTo));
  for (let move: Move | undefined = first; move !== undefined;) {
    const { phase }: Move = move;
    await STEPS[phase]({ directory, from, to, move, isOver });
    const moves: readonly Move[] = await readMoves(directory);
    move = moves.find((next) => next.workspace === first.workspace && next.phase !== phase);
    const next = move?.phase ?? null;
    console.log(JSON.stringify({ log: "move", workspace: first.workspace, ran: phase, next }));
  }
}

/** Everybody who knows the old home asks every second by now. */
async function stopWrites({ directory, from, to, move }: Step): Promise<void> {
  if (Date.now() < move.phaseAt + ALL_KNOW_MS) return;
  if (await hasRemovals(from, move.workspace)) return;
  await stop(to, move.workspace, "arriving");
  await stop(from, move.workspace, "stopped");
  await enterPhase(directory, move, "stopped", Date.now());
}

async function copy(step: Step): Promise<void> {
  const { directory, from, to, move, isOver } = step;
  const { workspace } = move;
  // One that began just before the stop.
  if (await hasRemovals(from, workspace)) return;
  const copying = { from, to, workspace, isOver };
  for (let after = move.copiedTo; ;) {
    const page = await copyGroups(copying, after);
    if (page === "unfinished") return;
    if (page === "end") break;
    await noteCopied(directory, move, page);
    if (isOver()) return;
    after = page;
  }
  if (!(await copyRest(copying))) return;
  const failure = await faultIn(step);
  if (failure !== null) return enterPhase(directory, move, "failed", Date.now(), { failure });
  await stop(to, workspace, "opening");
  await enterPhase(directory, move, "opening", Date.now(), { shard: move.movesTo, failure: null });
}

/** The difference between the two databases; `null` when there is none and every group adds up. */
async function faultIn({ from, to, move }: Step): Promise<string | null> {
  for (let after: GroupCursor | null = null; ;) {
    const page = await compareGroups(from, to, move.workspace, after);
    if (page === "end") break;
    if ("fault" in page) return page.fault;
    after = page;
  }
  const isCopied = await isRestCopied(from, to, move.workspace);
  return isCopied ? null : "counts, webhooks or receipts are not alike";
}

/** Waits here and not for the next run, because the workspace's writes are still refused. */
async function open({ directory, to, move }: Step): Promise<void> {
  await scheduler.wait(Math.max(0, move.phaseAt + ALL_ASK_AGAIN_MS - Date.now()));
  await endStop(to, move.workspace);
  await enterPhase(directory, move, "leaving", Date.now());
}

async function removeOld({ directory, from, move, isOver }: Step): Promise<void> {
  if (Date.now() < move.phaseAt + NOBODY_READS_MS) return;
  await stop(from, move.workspace, "left");
  if (!(await removeWorkspace(from, move.workspace, isOver))) return;
  await endStop(from, move.workspace);
  await endMove(directory, move);
}

async function takeBack({ directory, from, to, move, isOver }: Step): Promise<void> {
  await endStop(from, move.workspace);
  if (!(await removeWorkspace(to, move.workspace, isOver))) return;
  await endStop(to, move.workspace);
  await endMove(directory, move);
}

const STEPS: Readonly<Record<MovePhase, (step: Step) => Promise<void>>> = {
  announced: stopWrites,
  stopped: copy,
  opening: open,
  leaving: removeOld,
  failed: takeBack,
};
