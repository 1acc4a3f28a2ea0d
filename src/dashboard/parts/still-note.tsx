import { ask, groups } from "../data/client.ts";
import { useLive } from "../data/live.ts";
import type { Group } from "../data/types.ts";
import { Icon } from "./icon.tsx";

const LOOK_AT = 20;
const EVERY_MS = 30_000;

/** Says that nobody claims, if a waiting job could be claimed now and is not just backing off. */
export function StillNote({ group: { _id: id, updatedAt } }: { group: Group }) {
  const { data } = useLive(
    async (signal) => {
      const query = { status: "queued" as const, limit: String(LOOK_AT) };
      const request = groups.value[":id"].jobs.$get({ param: { id }, query }, { init: { signal } });
      const jobs = (await ask(request)).data;
      return jobs.some(({ retryAt }) => retryAt === undefined || Date.parse(retryAt) <= Date.now());
    },
    () => EVERY_MS,
    [id, updatedAt],
  );
  if (data.value !== true) return null;
  return (
    <p class="still">
      <Icon name="warning" /> No processor is claiming
    </p>
  );
}
