import { configOf } from "../../config.ts";
import type { ApiKey } from "../../domain/api-key.ts";
import type { Home } from "../../store/shards.ts";
import { readApiKey, recordUse } from "../../store/api-keys.ts";
import { connect } from "../../store/db.ts";
import type { AppContext } from "../app-types.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";
import { formatOf } from "./key-format.ts";
import { countLookUp } from "./rate-limit.ts";
import { rememberedMs } from "./remembered.ts";

interface KnownKey {
  readonly key: ApiKey;
  readonly home: Home;
}

const known = new BoundedMap<{ readonly found: KnownKey | undefined; readonly until: number }>();

/** The stored key, from memory or D1; `undefined` when there is none. Unknown keys are remembered too. */
export async function knownKey(
  c: AppContext,
  key: string,
  hash: string,
): Promise<KnownKey | undefined> {
  const now = Date.now();
  const remembered = known.get(hash);
  if (remembered !== undefined && now < remembered.until) return remembered.found;
  const format = await formatOf(key, configOf(c.env).apiKeySecrets);
  if (format === undefined) return undefined;
  await countLookUp(c, format);
  const db = connect(c.env.DB);
  const found = await readApiKey(db, hash);
  known.set(hash, { found, until: now + rememberedMs(found?.home) });
  if (found !== undefined) {
    const recorded = recordUse(db, found.key, now);
    c.executionCtx.waitUntil(recorded.catch((error) => console.error("use not recorded", error)));
  }
  return found;
}

/** Empties this isolate's memory, so that a key revoked here stops working here at once. */
export const forgetKeys = (): void => known.clear();
