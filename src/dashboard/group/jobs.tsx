import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso/router";
import { may } from "../data/session.ts";
import type { Group, JobErrors } from "../data/types.ts";
import { counted } from "../parts/format.ts";
import { isEnded } from "../parts/progress.ts";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { CancelJobs } from "./confirmations.tsx";
import { JobFilters } from "./job-filters.tsx";
import { JobPanel } from "./job-panel.tsx";
import { JobTable } from "./job-table.tsx";
import { addressOf, type JobView } from "./job-view.ts";

interface Props {
  readonly group: Group;
  readonly view: JobView;
  readonly errors: readonly JobErrors[];
  readonly onChange: (group: Group) => void;
}

export function Jobs({ group, view, errors, onChange }: Props) {
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const asked = useSignal(false);
  const failure = useSignal<Error | null>(null);
  const { route } = useLocation();
  const { job, ...filters } = view;
  const done = {
    onChange: (changed: Group) => {
      failure.value = null;
      chosen.value = new Set();
      onChange(changed);
    },
    onFailure: (error: Error) => (failure.value = error),
  };
  return (
    <section class="card jobs" id="jobs" aria-label="Jobs">
      <JobFilters group={group} view={view} errors={errors} />
      {failure.value !== null && (
        <RefusalNote error={failure.value} onClose={() => (failure.value = null)} />
      )}
      {chosen.value.size > 0 && (
        <div class="jobs-chosen">
          <span role="status">{counted(chosen.value.size, "job")} chosen</span>
          <button type="button" class="button button-danger" onClick={() => (asked.value = true)}>
            Cancel {counted(chosen.value.size, "job")}…
          </button>
          <button
            type="button"
            class="button button-plain"
            onClick={() => (chosen.value = new Set())}
          >
            Choose none
          </button>
        </div>
      )}
      <div class={job === undefined ? "jobs-body" : "jobs-body jobs-body-split"}>
        <JobTable
          key={JSON.stringify(filters)}
          group={group}
          view={view}
          chosen={may("groups:write") && !isEnded(group) ? chosen : undefined}
        />
        {job !== undefined && (
          <JobPanel
            {...done}
            group={group}
            jobId={job}
            onClose={() => route(addressOf(group._id, filters), true)}
          />
        )}
      </div>
      {asked.value && (
        <CancelJobs
          {...done}
          group={group}
          jobIds={[...chosen.value]}
          onClose={() => (asked.value = false)}
        />
      )}
    </section>
  );
}
