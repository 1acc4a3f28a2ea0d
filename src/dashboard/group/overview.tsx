import type { ComponentChildren } from "preact";
import { now } from "../data/clock.ts";
import type { Group } from "../data/types.ts";
import { Bar } from "../parts/bar.tsx";
import { count, duration, money, percent, rough } from "../parts/format.ts";
import {
  estimateOf,
  finishedShare,
  isEnded,
  isStill,
  meanRate,
  ratePerMinute,
  segments,
} from "../parts/progress.ts";
import { PausedNote } from "../parts/paused-note.tsx";
import { StillNote } from "../parts/still-note.tsx";
import { Until } from "../parts/time.tsx";

/** The group at a glance: the bar, its numbers, and the figures that follow from them. */
export const Overview = ({ group }: { group: Group }) => (
  <section class="card overview" aria-labelledby="progress">
    <div class="overview-head">
      <h2 id="progress">
        <span class="hidden">Progress: </span>
        {percent(finishedShare(group))}
      </h2>
      <p class="quiet">
        {count(group.totalJobs - group.pendingJobs)} of {count(group.totalJobs)} finished
      </p>
      <PausedNote group={group} />
      {isStill(group, now.value) && <StillNote group={group} />}
    </div>
    <Bar group={group} large />
    <ul class="legend">
      {segments(group).map(([name, jobs]) => (
        <li key={name} class={jobs === 0 ? "legend-none" : ""}>
          <span class={`swatch seg-${name}`} aria-hidden="true" />
          <b>{count(jobs)}</b> {name}
        </li>
      ))}
    </ul>
    <Figures group={group} />
  </section>
);

function Figures({ group }: { group: Group }) {
  const { statistics, startedAt, completedAt } = group;
  const rate = isEnded(group) ? meanRate(group) : ratePerMinute(group, now.value);
  const estimate = estimateOf(group, now.value);
  return (
    <dl class="figures">
      {isEnded(group) && startedAt !== undefined && completedAt !== undefined ? (
        <Figure name="Took">{duration(Date.parse(completedAt) - Date.parse(startedAt))}</Figure>
      ) : (
        <Figure name="Done">{estimate !== undefined && <Until at={estimate} />}</Figure>
      )}
      <Figure name="Throughput">{rate !== undefined && `${rough(rate)} a minute`}</Figure>
      <Figure name="Success">
        {statistics.totalDocuments > 0 && percent(statistics.successRate)}
      </Figure>
      <Figure name="Time a document">
        {statistics.averageProcessingTime > 0 && `${rough(statistics.averageProcessingTime)} s`}
      </Figure>
      <Figure name="Pages">{count(statistics.totalPages)}</Figure>
      <Figure name="Cost">{money(statistics.totalCost, statistics.currency)}</Figure>
    </dl>
  );
}

const Figure = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children || "–"}</dd>
  </div>
);
