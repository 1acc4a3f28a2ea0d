import { ask, groups } from "../data/client.ts";
import { useLive } from "../data/live.ts";
import { GROUP_STATUSES, type GroupStatus } from "../data/types.ts";
import { count } from "../parts/format.ts";
import { statusWord } from "../parts/status.tsx";
import { addressOf, filterOf, type ListState } from "./query.ts";

const EVERY_MS = 10_000;

async function countGroups(status: GroupStatus | undefined, signal: AbortSignal): Promise<number> {
  const filter = filterOf(status === undefined ? {} : { status });
  const query = { limit: "1", ...(filter && { filter }) };
  return (await ask(groups.value.$get({ query }, { init: { signal } }))).total;
}

/** The workspace's groups by status; each total is a link to its groups. */
export function Totals({ state }: { state: ListState }) {
  const { data } = useLive(
    (signal) =>
      Promise.all([undefined, ...GROUP_STATUSES].map((status) => countGroups(status, signal))),
    () => EVERY_MS,
    [],
  );
  return (
    <nav class="totals" aria-label="Groups by status">
      {[undefined, ...GROUP_STATUSES].map((status, index) => (
        <a
          key={status ?? "all"}
          href={addressOf(state, { status: status ?? "" })}
          aria-current={state.status === status ? "true" : undefined}
          class={`total total-${status ?? "all"}`}
        >
          <b>{data.value === undefined ? "–" : count(data.value[index] ?? 0)}</b>
          <span class={status && `status status-${status}`}>
            {status === undefined ? "All" : statusWord(status)}
          </span>
        </a>
      ))}
    </nav>
  );
}
