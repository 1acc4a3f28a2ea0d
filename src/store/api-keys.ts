import { and, count, desc, eq, getTableColumns, isNull, lte, or, sql } from "drizzle-orm";
import type { ApiKey } from "../domain/api-key.ts";
import type { Db } from "./db.ts";
import { isUnsettled } from "./move-phases.ts";
import { FIRST_HOME, type Home } from "./shards.ts";
import { apiKey, workspaceHome } from "./schema.ts";

const { hash: _hash, ...columns } = getTableColumns(apiKey);
const HOUR_MS = 3_600_000;

/** Stores a new key. Returns `false` when the workspace has as many as it may, not counting revoked ones. */
export async function insertApiKey(
  db: Db,
  key: ApiKey,
  hash: string,
  quota: number | undefined,
): Promise<boolean> {
  const { id, workspace, name, scopes, createdAt, expiresAt } = key;
  const taken = sql`(SELECT count(*) FROM api_key WHERE workspace = ${workspace} AND revoked_at IS NULL)`;
  const { meta } = await db.run(
    sql`INSERT INTO api_key (id, workspace, hash, name, scopes, created_at, expires_at)
      SELECT ${id}, ${workspace}, ${hash}, ${name}, ${JSON.stringify(scopes)}, ${createdAt}, ${expiresAt}
      ${quota === undefined ? sql`` : sql`WHERE ${taken} < ${quota}`}`,
  );
  return meta.changes > 0;
}

/** Reads a key, and where its workspace lives. */
export async function readApiKey(
  db: Db,
  hash: string,
): Promise<{ readonly key: ApiKey; readonly home: Home } | undefined> {
  const row = await db
    .select({ ...columns, shard: workspaceHome.shard, phase: workspaceHome.phase })
    .from(apiKey)
    .leftJoin(workspaceHome, eq(workspaceHome.workspace, apiKey.workspace))
    .where(eq(apiKey.hash, hash))
    .get();
  if (row === undefined) return undefined;
  const { shard, phase, ...key } = row;
  return { key, home: shard === null ? FIRST_HOME : { shard, isMoving: isUnsettled(phase) } };
}

/** Reads a page of keys, newest first. Without a workspace, those of all workspaces. */
export async function readApiKeys(
  db: Db,
  workspace: string | undefined,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ keys: ApiKey[]; total: number }> {
  const where = inWorkspace(workspace);
  const [keys, [counted]] = await db.batch([
    db
      .select(columns)
      .from(apiKey)
      .where(where)
      .orderBy(desc(apiKey.createdAt), desc(apiKey.id))
      .limit(page.limit)
      .offset(page.offset),
    db.select({ total: count() }).from(apiKey).where(where),
  ]);
  return { keys, total: counted?.total ?? 0 };
}

/** Returns `false` when there is no such key. A key revoked earlier keeps its time. */
export async function revokeApiKey(
  db: Db,
  workspace: string | undefined,
  id: string,
  now: number,
): Promise<boolean> {
  const result = await db
    .update(apiKey)
    .set({ revokedAt: sql`coalesce(${apiKey.revokedAt}, ${now})` })
    .where(and(inWorkspace(workspace), eq(apiKey.id, id)));
  return result.meta.changes > 0;
}

/** Records the use of a key to the hour: it writes once in an hour of use, not at each call. */
export async function recordUse(
  db: Db,
  { id, workspace, lastUsedAt }: ApiKey,
  now: number,
): Promise<void> {
  if (lastUsedAt !== null && now - lastUsedAt < HOUR_MS) return;
  const stale = or(isNull(apiKey.lastUsedAt), lte(apiKey.lastUsedAt, now - HOUR_MS));
  await db
    .update(apiKey)
    .set({ lastUsedAt: now })
    .where(and(inWorkspace(workspace), eq(apiKey.id, id), stale));
}

const inWorkspace = (workspace: string | undefined) =>
  workspace === undefined ? undefined : eq(apiKey.workspace, workspace);
