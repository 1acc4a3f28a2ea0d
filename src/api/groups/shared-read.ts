import type { CommittedGroup } from "../../domain/group.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";

/** The longest time for which a group read by one stream serves the others of this isolate. */
const FRESH_MS = 1_000;

interface Shared {
  readonly askedAt: number;
  /** `undefined` when there is no such group any more. */
  readonly group: CommittedGroup | undefined;
}

/** Holds answers and no promises, because a Worker may not await the I/O of another request. */
const latest = new BoundedMap<Shared>();

/** Notes a group that was read, for the streams of the same group. */
export const share = (name: string, group: CommittedGroup | undefined, now: number): void =>
  latest.set(name, { askedAt: now, group });

/** Answers what another stream has read within the last second, or else reads. */
export async function sharedRead(
  name: string,
  read: () => Promise<CommittedGroup | undefined>,
  now: number,
): Promise<CommittedGroup | undefined> {
  const known = latest.get(name);
  if (known !== undefined && Math.abs(now - known.askedAt) < FRESH_MS) return known.group;
  // Until the answer comes the others keep what they have.
  if (known !== undefined) share(name, known.group, now);
  const group = await read();
  share(name, group, now);
  return group;
}
