import type { ApiKey } from "../../domain/api-key.ts";
import { readApiKey, recordUse } from "../../store/api-keys.ts";
import { connect } from "../../store/db.ts";
import type { AppContext } from "../app-types.ts";
import { countCall } from "./rate-limit.ts";

/** How long a revoked key may go on working in an isolate that has just read it. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 10_000;
const known = new Map<string, { readonly key: ApiKey | undefined; readonly until: number }>();

/** The key with this hash, from memory or D1: a warm key costs no round trip, nor does an unknown one. */
export async function keyByHash(c: AppContext, hash: string): Promise<ApiKey | undefined> {
  const now = Date.now();
  const remembered = known.get(hash);
  if (remembered !== undefined && now < remembered.until) return remembered.key;
  // Keys can be made up with a valid checksum: each costs a read.
  await countCall(c, `address:${c.req.header("cf-connecting-ip")}`);
  const db = connect(c.env.DB);
  const key = await readApiKey(db, hash);
  if (known.size >= MAX_REMEMBERED) known.clear();
  known.set(hash, { key, until: now + REMEMBERED_MS });
  if (key !== undefined) {
    const recorded = recordUse(db, key, now);
    c.executionCtx.waitUntil(recorded.catch((error) => console.error("use not recorded", error)));
  }
  return key;
}

/** Where a key is revoked it stops at once. */
export const forgetKeys = (): void => known.clear();
