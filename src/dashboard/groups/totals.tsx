import { answered, client } from "../data/client.ts";
import { type Live, useLive } from "../data/live.ts";
import { GROUP_STATUSES } from "../data/types.ts";
import { count, counted, duration } from "../parts/format.ts";
import { statusWord } from "../parts/status.tsx";
import { type Metrics, metricsIn } from "./metrics.ts";
import { addressOf, type ListState } from "./query.ts";

const EVERY_MS = 5_000;
/** Work that has stood no longer is on its way to a processor. */
const STILL_MS = 60_000;

/** The figures of the workspace, kept up to date. */
export const useMetrics = (): Live<Metrics> =>
  useLive(
    async (signal) => {
      const answer = await answered(client.value.metrics.$get({}, { init: { signal } }));
      return metricsIn(await answer.text());
    },
    () => EVERY_MS,
    [],
  );

interface Props {
  readonly state: ListState;
  readonly metrics: Metrics | undefined;
}

/** The workspace in figures: its groups by status, each a link to them, and the work that is open. */
export function Totals({ state, metrics }: Props) {
  const groups = metrics?.groups;
  const all = groups && [...groups.values()].reduce((sum, number) => sum + number, 0);
  return (
    <>
      <nav class="totals" aria-label="Groups by status">
        {[undefined, ...GROUP_STATUSES].map((status) => (
          <a
            key={status ?? "all"}
            href={addressOf(state, { status: status ?? "" })}
            aria-current={state.status === status ? "true" : undefined}
            class={`total total-${status ?? "all"}`}
          >
            <b>{groups === undefined ? "–" : count((status ? groups.get(status) : all) ?? 0)}</b>
            <span class={status && `status status-${status}`}>
              {status === undefined ? "All" : statusWord(status)}
            </span>
          </a>
        ))}
      </nav>
      {metrics !== undefined && <Work metrics={metrics} />}
    </>
  );
}

const Work = ({ metrics }: { metrics: Metrics }) => (
  <p class="work">
    <span>
      <b>{count(metrics.pendingJobs - metrics.processingJobs)}</b> jobs waiting
    </span>
    <span>
      <b>{count(metrics.processingJobs)}</b> in processing
    </span>
    {metrics.pausedGroups > 0 && <span>{counted(metrics.pausedGroups, "group")} paused</span>}
    {metrics.stoodMs > STILL_MS && (
      <span class="work-bad">no claim for {duration(metrics.stoodMs)}</span>
    )}
    {metrics.deadNotifications > 0 && (
      <span class="work-bad">{counted(metrics.deadNotifications, "notification")} given up</span>
    )}
  </p>
);
