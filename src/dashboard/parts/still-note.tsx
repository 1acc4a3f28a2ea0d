import { ask, groups } from "../data/client.ts";
import { useLive } from "../data/live.ts";
import type { Group } from "../data/types.ts";
import { Icon } from "./icon.tsx";

const LOOK_AT = 20;
const EVERY_MS = 30_000;

let turn: Promise<unknown> = Promise.resolve();

/** One at a time, because on a page of many such groups each asks. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => undefined);
  return mine;
}

/** Says that nobody claims, if a waiting job could be claimed now and is not just backing off. */
export function StillNote({ group: { _id: id, status, updatedAt } }: { group: Group }) {
  const { data } = useLive(
    async (signal) => {
      // None of its jobs has been claimed, so none is backing off.
      if (status === "queued") return true;
      const query = { status: "queued" as const, limit: String(LOOK_AT) };
      const ofGroup = { param: { id }, query };
      const { jobs } = groups.value[":id"];
      const { data } = await inTurn(() => ask(jobs.$get(ofGroup, { init: { signal } })));
      return data.some(({ retryAt }) => retryAt === undefined || Date.parse(retryAt) <= Date.now());
    },
    () => EVERY_MS,
    [id, status, updatedAt],
  );
  if (data.value !== true) return null;
  return (
    <p class="still">
      <Icon name="warning" /> No processor is claiming
    </p>
  );
}
