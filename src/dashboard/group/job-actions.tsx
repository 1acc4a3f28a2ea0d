import { useSignal } from "@preact/signals";
import { may } from "../data/session.ts";
import type { Job } from "../data/types.ts";
import type { ActionProps } from "./actions.tsx";
import { CancelJobs, RerunJob } from "./confirmations.tsx";

interface Props extends ActionProps {
  readonly job: Job;
}

/** Cancels an unfinished job, or runs one again that has failed or completed, after a question. */
export function JobActions({ job, ...props }: Props) {
  // The question stays what it was when the job changes meanwhile.
  const asked = useSignal<"cancel" | "rerun" | null>(null);
  const close = () => (asked.value = null);
  const isOpen = job.status === "queued" || job.status === "processing";
  const isFinal = job.status === "cancelled" || props.group.status === "cancelled";
  if (!may("groups:write")) return null;
  return (
    <>
      {!isFinal && (
        <div class="actions">
          <button
            type="button"
            class={`button ${isOpen ? "button-danger" : "button-plain"}`}
            onClick={() => (asked.value = isOpen ? "cancel" : "rerun")}
          >
            {isOpen ? "Cancel this job…" : "Run again…"}
          </button>
        </div>
      )}
      {asked.value === "cancel" && <CancelJobs {...props} jobIds={[job.jobId]} onClose={close} />}
      {asked.value === "rerun" && <RerunJob {...props} job={job} onClose={close} />}
    </>
  );
}
