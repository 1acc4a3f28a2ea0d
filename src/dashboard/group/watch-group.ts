import { answered, groups } from "../data/client.ts";
import { readEvents } from "../data/events.ts";
import { Unreachable } from "../data/refusal.ts";
import type { Group } from "../data/types.ts";

export interface Seen {
  readonly group: Group;
  /** The id of the event that brought it. `null` when it came with the answer to an action. */
  readonly id: string | null;
}

const NOT_CHANGED = 204;

/**
 * Shows the group at once and at each change, until the server closes the stream, and answers it as it was last. What was
 * `seen` before is not sent again.
 */
export async function watchGroup(
  id: string,
  seen: Seen | undefined,
  signal: AbortSignal,
  show: (seen: Seen) => void,
): Promise<Seen> {
  let latest = seen?.group._id === id ? seen : undefined;
  const header = latest?.id ? { "Last-Event-ID": latest.id } : {};
  const request = groups.value[":id"].events.$get({ param: { id }, header }, { init: { signal } });
  const { status, body } = await answered(request);
  if (status !== NOT_CHANGED && body !== null) {
    await readEvents(body, ({ event, id: revision = null, data }) => {
      if (event === "group") show((latest = { group: JSON.parse(data) as Group, id: revision }));
    });
  }
  if (latest === undefined) throw new Unreachable("the stream ended before it began");
  return latest;
}
