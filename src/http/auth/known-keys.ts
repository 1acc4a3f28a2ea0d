import type { ApiKey } from "../../domain/api-key.ts";
import { readApiKey, recordUse } from "../../store/api-keys.ts";
import { connect } from "../../store/db.ts";
import type { AppContext } from "../app-types.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";
import { isWellFormed } from "./key-format.ts";
import { countCall } from "./rate-limit.ts";

/** How long a revoked key may go on working in an isolate that has just read it. */
const REMEMBERED_MS = 60_000;
const known = new BoundedMap<{ readonly key: ApiKey | undefined; readonly until: number }>();

/** What is known of a key, from memory or D1: a warm one costs no round trip, nor does an unknown one. */
export async function knownKey(
  c: AppContext,
  key: string,
  hash: string,
): Promise<ApiKey | undefined> {
  const now = Date.now();
  const remembered = known.get(hash);
  if (remembered !== undefined && now < remembered.until) return remembered.key;
  if (!(await isWellFormed(key))) return undefined;
  // Keys can be made up with a valid checksum: each costs a read.
  await countCall(c, `address:${c.req.header("cf-connecting-ip")}`);
  const db = connect(c.env.DB);
  const found = await readApiKey(db, hash);
  known.set(hash, { key: found, until: now + REMEMBERED_MS });
  if (found !== undefined) {
    const recorded = recordUse(db, found, now);
    c.executionCtx.waitUntil(recorded.catch((error) => console.error("use not recorded", error)));
  }
  return found;
}

/** Where a key is revoked it stops at once. */
export const forgetKeys = (): void => known.clear();
