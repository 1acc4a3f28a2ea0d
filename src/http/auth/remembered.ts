import { type Home, homeOf } from "../../store/shards.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";

/** An isolate that has just read a key accepts it for so long after its revocation elsewhere. */
const REMEMBERED_MS = 60_000;
/** All isolates must know of a move when it ends: see `coordinator/move-workspaces.ts`. */
const REMEMBERED_WHILE_MOVING_MS = 1_000;

export const rememberedMs = (home: Home | undefined): number =>
  home?.isMoving ? REMEMBERED_WHILE_MOVING_MS : REMEMBERED_MS;

const homes = new BoundedMap<{ readonly home: Home; readonly until: number }>();

/** The home of a workspace, from memory or the directory, for a caller whose key is not stored. */
export async function knownHome(env: Env, workspace: string): Promise<Home> {
  const now = Date.now();
  const known = homes.get(workspace);
  if (known !== undefined && now < known.until) return known.home;
  const home = await homeOf(env, workspace);
  homes.set(workspace, { home, until: now + rememberedMs(home) });
  return home;
}
