import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso/router";
import { type Group, JOB_STATUSES, type JobStatus } from "../data/types.ts";
import { count, counted } from "../parts/format.ts";
import { statusWord } from "../parts/status.tsx";
import { JobPanel } from "./job-panel.tsx";
import { JobTable } from "./job-table.tsx";

interface Props {
  readonly group: Group;
  /** The job that the address names. */
  readonly shownJob: string | undefined;
}

export function Jobs({ group, shownJob }: Props) {
  const status = useSignal<JobStatus | undefined>(undefined);
  const { path, route } = useLocation();
  const total = jobsIn(group, status.value);
  return (
    <section class="card jobs" aria-labelledby="jobs">
      <div class="jobs-head">
        <h2 id="jobs">
          Jobs <span class="quiet">{counted(total, "job")}</span>
        </h2>
        <div class="chips" role="group" aria-label="Jobs by status">
          {[undefined, ...JOB_STATUSES].map((one) => (
            <button
              key={one ?? "all"}
              type="button"
              class="chip"
              aria-pressed={status.value === one}
              onClick={() => (status.value = one)}
            >
              {one === undefined ? "All" : statusWord(one)} <b>{count(jobsIn(group, one))}</b>
            </button>
          ))}
        </div>
      </div>
      <div class={shownJob === undefined ? "jobs-body" : "jobs-body jobs-body-split"}>
        <JobTable
          key={status.value ?? "all"}
          group={group}
          status={status.value}
          total={total}
          shownJob={shownJob}
        />
        {shownJob !== undefined && (
          <JobPanel group={group} jobId={shownJob} onClose={() => route(path, true)} />
        )}
      </div>
    </section>
  );
}

/** The counters equal the jobs in each state. */
function jobsIn(group: Group, status: JobStatus | undefined): number {
  if (status === undefined) return group.totalJobs;
  if (status === "queued") return group.pendingJobs - group.processingJobs;
  return group[`${status}Jobs`];
}
