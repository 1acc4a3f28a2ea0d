import { answered, groups } from "../data/client.ts";
import type { Group } from "../data/types.ts";

export interface Seen {
  readonly group: Group;
  readonly etag: string | null;
}

const NOT_MODIFIED = 304;

/** The group as it is now; what was `seen` before when nothing has changed since. */
export async function readGroup(
  id: string,
  seen: Seen | undefined,
  signal: AbortSignal,
): Promise<Seen> {
  const known = seen?.group._id === id ? seen : undefined;
  const header = known?.etag ? { "If-None-Match": known.etag } : {};
  const request = groups.value[":id"].$get({ param: { id }, header }, { init: { signal } });
  const answer = await answered(request, NOT_MODIFIED);
  if (answer.status !== 200) return known ?? readGroup(id, undefined, signal);
  return { group: (await answer.json()).data, etag: answer.headers.get("ETag") };
}
