import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { now } from "../data/clock.ts";
import type { Group } from "../data/types.ts";
import { count, rough } from "../parts/format.ts";
import { type Line, Plot } from "../parts/plot.tsx";
import { estimateOf, finished, ratePerMinute } from "../parts/progress.ts";
import { Clock } from "../parts/time.tsx";
import { burnDown, extended, type Point, spanOf, throughput } from "./curve.ts";
import { readPoints } from "./read-points.ts";

/** The group's jobs left over time, with the estimate drawn in. */
export function Plots({ group }: { group: Group }) {
  const points = useSignal<readonly Point[] | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    // Without its past the curve begins now.
    readPoints(group, abort.signal).then(
      (read) => (points.value = read),
      () => (points.value = []),
    );
    return () => abort.abort();
  }, []);
  useEffect(() => {
    if (points.value !== null) points.value = extended(points.value, group);
  }, [group, points.value === null]);
  const known = points.value;
  const span = spanOf(known ?? [], group, now.value / 1_000);
  if (known === null || span === undefined || finished(group) === 0) {
    return (
      <section class="card plots" aria-labelledby="plots">
        <h2 id="plots">Jobs left</h2>
        <p class="empty">
          {known === null ? "Reading…" : "The curve begins with the first finished job."}
        </p>
      </section>
    );
  }
  const estimate = estimateOf(group, now.value);
  const rate = ratePerMinute(group, now.value);
  return (
    <section class="card plots" aria-labelledby="plots">
      <div class="plots-head">
        <h2 id="plots">Jobs left</h2>
        {estimate !== undefined && rate !== undefined && (
          <p class="quiet">
            none by <Clock at={estimate} />, at {rough(rate)} a minute
          </p>
        )}
      </div>
      <Plot
        columns={burnDown(known, group, span, estimate)}
        lines={LEFT_LINES}
        height={240}
        label={`Jobs left over time: ${count(group.pendingJobs)} of ${count(group.totalJobs)} now`}
      />
      <h3>Finished a minute</h3>
      <Plot
        columns={throughput(known, span)}
        lines={RATE_LINES}
        height={130}
        label="Jobs finished a minute over time"
      />
    </section>
  );
}

const LEFT_LINES: readonly Line[] = [
  { label: "left", color: "--seg-processing", fill: true },
  { label: "estimate", color: "--quiet", dash: true },
];
const RATE_LINES: readonly Line[] = [{ label: "a minute", color: "--seg-completed", bars: true }];
