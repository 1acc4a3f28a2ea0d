import { now } from "../data/clock.ts";
import type { Group } from "../data/types.ts";
import { Bar } from "../parts/bar.tsx";
import { count, duration, money, rough } from "../parts/format.ts";
import { estimateOf, finished, isEnded, isStill, ratePerMinute } from "../parts/progress.ts";
import { PausedNote } from "../parts/paused-note.tsx";
import { Status } from "../parts/status.tsx";
import { StillNote } from "../parts/still-note.tsx";
import { Ago, Until } from "../parts/time.tsx";
import { addressOf, type ListState } from "./query.ts";

const MOST_TAGS = 3;

export function GroupRow({ group, state }: { group: Group; state: ListState }) {
  const rate = ratePerMinute(group, now.value);
  return (
    <tr role="row">
      <td role="cell" class="cell-name">
        <a class="row-link" href={`/dashboard/groups/${group._id}`}>
          <bdi>{group.name}</bdi>
        </a>
        <div class="sub">
          {group.batchNumber !== undefined && <bdi>{group.batchNumber}</bdi>}
          <bdi>{group.template}</bdi>
          {group.tags.slice(0, MOST_TAGS).map((tag) => (
            <a key={tag} class="tag" href={addressOf(state, { tag })}>
              <bdi>{tag}</bdi>
            </a>
          ))}
          {group.tags.length > MOST_TAGS && <span>+{group.tags.length - MOST_TAGS}</span>}
        </div>
      </td>
      <td role="cell" class="cell-status">
        <Status status={group.status} outcome={group.outcome} />
        {group.priority !== "medium" && (
          <span class={`priority priority-${group.priority}`}>{group.priority}</span>
        )}
      </td>
      <td role="cell" class="cell-progress">
        <Bar group={group} />
        <Numbers group={group} />
        <PausedNote group={group} />
        {isStill(group, now.value) && <StillNote group={group} />}
      </td>
      <td role="cell" class="numeric cell-rate">
        {rate !== undefined && <>{rough(rate)}/min</>}
      </td>
      <td role="cell" class="numeric cell-done">
        <Done group={group} />
      </td>
      <td role="cell" class="numeric cell-cost">
        {group.statistics.totalCost > 0 &&
          money(group.statistics.totalCost, group.statistics.currency)}
      </td>
      <td role="cell" class="numeric cell-age">
        <Ago at={group.createdAt} />
      </td>
    </tr>
  );
}

const Numbers = ({ group }: { group: Group }) => (
  <div class="sub">
    <span>
      {group.totalJobs === 0 ? (
        "No jobs yet"
      ) : (
        <>
          <b>{count(finished(group))}</b> of {count(group.totalJobs)}
        </>
      )}
    </span>
    {group.failedJobs > 0 && <span class="text-failed">{count(group.failedJobs)} failed</span>}
    {group.processingJobs > 0 && <span>{count(group.processingJobs)} running</span>}
    {group.cancelledJobs > 0 && <span>{count(group.cancelledJobs)} cancelled</span>}
  </div>
);

/** The estimated end of a running group, or the duration of one that has ended. */
function Done({ group }: { group: Group }) {
  const estimate = estimateOf(group, now.value);
  if (estimate !== undefined) return <Until at={estimate} />;
  if (!isEnded(group) || group.startedAt === undefined || group.completedAt === undefined) {
    return null;
  }
  return <>took {duration(Date.parse(group.completedAt) - Date.parse(group.startedAt))}</>;
}
