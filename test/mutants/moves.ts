import type { Mutant } from "./mutant.ts";

const MOVES = "test/unit/moves/moves.test.ts";

export const moveMutants: readonly Mutant[] = [
  {
    name: "a move does not wait for removals",
    file: "src/coordinator/move-workspaces.ts",
    find: "if (await hasRemovals(from, move.workspace)) return;",
    replace: "",
    killedBy: { file: MOVES, test: "a move waits until the removals" },
  },
  {
    name: "a removal that began just before the stop is left behind",
    file: "src/coordinator/move-workspaces.ts",
    find: "if (await hasRemovals(from, workspace)) return;",
    replace: "",
    killedBy: { file: MOVES, test: "a removal that began just before the stop" },
  },
  {
    name: "a stop lets large groups be deleted",
    file: "src/store/write/stops.ts",
    find: '{ write: "UPDATE ON job_group", row: "OLD", states: ALWAYS }',
    replace: '{ write: "UPDATE ON job_group", row: "NEW", states: ALWAYS }',
    killedBy: { file: MOVES, test: "a stop refuses the deletion of a large group" },
  },
  {
    name: "the old home is not stopped before its rows are copied",
    file: "src/coordinator/move-workspaces.ts",
    find: 'await stop(from, move.workspace, "stopped");',
    replace: "",
    killedBy: { file: MOVES, test: "writes of a workspace are refused" },
  },
  {
    name: "the new home is open before everybody knows it",
    file: "src/coordinator/move-workspaces.ts",
    find: 'await stop(to, workspace, "opening");',
    replace: "await endStop(to, workspace);",
    killedBy: { file: MOVES, test: "writes of a workspace are refused" },
  },
  {
    name: "a move begins before everybody asks again",
    file: "src/coordinator/move-workspaces.ts",
    find: "if (Date.now() < move.phaseAt + ALL_KNOW_MS) return;",
    replace: "",
    killedBy: { file: MOVES, test: "nothing is stopped within a minute" },
  },
  {
    name: "old rows are removed while somebody may read them",
    file: "src/coordinator/move-workspaces.ts",
    find: "if (Date.now() < move.phaseAt + NOBODY_READS_MS) return;",
    replace: "",
    killedBy: { file: MOVES, test: "nothing is stopped within a minute" },
  },
  {
    name: "the copies are not compared",
    file: "src/coordinator/move-workspaces.ts",
    find: "if (failure !== null) return enterPhase",
    replace: "if (false) return enterPhase",
    killedBy: { file: MOVES, test: "a copy that differs is taken back" },
  },
  {
    name: "a late copy may write",
    file: "src/store/write/copy-rows.ts",
    find: "WHERE ${isArriving} AND ${isOfGroup} ON",
    replace: "WHERE ${isOfGroup} ON",
    killedBy: { file: MOVES, test: "a copy that is late" },
  },
  {
    name: "the home of a moving workspace is remembered for a minute",
    file: "src/store/move-phases.ts",
    find: 'phase === "announced" ||',
    replace: "",
    killedBy: { file: MOVES, test: "the home is unsettled" },
  },
  {
    name: "an alarm looks in the first database",
    file: "src/coordinator/group-coordinator.ts",
    find: "shard: await shardOf(this.env, group.workspace)",
    replace: "shard: 0",
    killedBy: { file: "test/shards/shards.test.ts", test: "an alarm finds the home" },
  },
  {
    name: "a new workspace goes to the fullest database",
    file: "src/store/place-workspace.ts",
    find: "Math.min(...sizes)",
    replace: "Math.max(...sizes)",
    killedBy: { file: "test/shards/shards.test.ts", test: "a new workspace lives in the emptiest" },
  },
  {
    name: "a bookmark of another database is followed",
    file: "src/http/headers/bookmark.ts",
    find: '(suffix ?? "") === suffixOf(shard)',
    replace: "true",
    killedBy: { file: "test/shards/shards.test.ts", test: "a bookmark of another database" },
  },
];
