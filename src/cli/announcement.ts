/**
 * The SQL that begins to move a workspace, whose home may not be in the directory yet. It does nothing while the workspace is
 * moving already. The Cron Trigger does the rest: see `coordinator/move-workspaces.ts`.
 */
export const announcement = (workspace: string, movesTo: number, now: number): string =>
  `INSERT INTO workspace_home (workspace, shard, moves_from, moves_to, phase, phase_at)
    SELECT ${quoted(workspace)}, 0, 0, ${movesTo}, 'announced', ${now} WHERE ${movesTo} <> 0
      OR EXISTS (SELECT 1 FROM workspace_home WHERE workspace = ${quoted(workspace)})
    ON CONFLICT (workspace) DO UPDATE SET moves_from = shard, moves_to = excluded.moves_to,
      phase = excluded.phase, phase_at = excluded.phase_at, failure = NULL
    WHERE moves_to IS NULL AND shard <> excluded.moves_to`;

/** The state of a workspace's move. */
export const progress = (workspace: string): string =>
  `SELECT shard, moves_to AS movesTo, phase, failure FROM workspace_home WHERE workspace = ${quoted(workspace)}`;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
