import { useLocation } from "preact-iso/router";
import { ask, groups } from "../data/client.ts";
import type { Job } from "../data/types.ts";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { counted } from "../parts/format.ts";
import type { ActionProps } from "./actions.tsx";

type Props = ActionProps & { readonly onClose: () => void };

export function CancelGroup({ group: { _id: id, pendingJobs }, onChange, ...rest }: Props) {
  const cancel = async () =>
    onChange((await ask(groups.value[":id"].cancel.$post({ param: { id } }))).data);
  return (
    <ConfirmDialog
      {...rest}
      title="Cancel this group?"
      confirm={`Cancel ${counted(pendingJobs, "job")}`}
      keep="Keep it"
      done="The group is cancelled."
      run={cancel}
    >
      {counted(pendingJobs, "unfinished job")} will be cancelled, and processors lose the leases
      they hold. Results that are in stay. This is final.
    </ConfirmDialog>
  );
}

/** Cancels the chosen jobs. Those that have finished meanwhile stay as they are. */
export function CancelJobs({
  group: { _id: id },
  jobIds,
  onChange,
  ...rest
}: Props & { readonly jobIds: readonly string[] }) {
  const jobs = counted(jobIds.length, "job");
  const cancel = async () => {
    const request = { param: { id }, json: { jobIds: [...jobIds] } };
    onChange((await ask(groups.value[":id"].cancel.$post(request))).data);
  };
  return (
    <ConfirmDialog
      {...rest}
      title={`Cancel ${jobs}?`}
      confirm={`Cancel ${jobs}`}
      keep={jobIds.length === 1 ? "Keep it" : "Keep them"}
      done={`${jobs} cancelled.`}
      run={cancel}
    >
      A processor that reads one of them now loses its lease. The group goes on with its other jobs.
      A cancelled job cannot be run again.
    </ConfirmDialog>
  );
}

/** Runs one job again that has failed or completed. */
export function RerunJob({
  group: { _id: id },
  job: { jobId, status },
  onChange,
  ...rest
}: Props & { readonly job: Pick<Job, "jobId" | "status"> }) {
  const rerun = async () => {
    const json = { jobIds: [jobId], status: ["failed" as const, "completed" as const] };
    onChange((await ask(groups.value[":id"].retry.$post({ param: { id }, json }))).data);
  };
  return (
    <ConfirmDialog
      {...rest}
      title="Run this job again?"
      kind="primary"
      confirm="Run it again"
      keep="Leave it"
      done="The job waits again."
      run={rerun}
    >
      It waits for a processor again, with all its attempts. What it has cost stays counted
      {status === "completed" && ", and its result can be read until a new one replaces it"}.
    </ConfirmDialog>
  );
}

export function DeleteGroup({ group, onFailure, onClose }: Omit<Props, "onChange">) {
  const { _id: id, totalJobs } = group;
  const { route } = useLocation();
  const jobs = counted(totalJobs, "job");
  const remove = async () => {
    await ask(groups.value[":id"].$delete({ param: { id } }));
    route("/dashboard");
  };
  return (
    <ConfirmDialog
      onFailure={onFailure}
      onClose={onClose}
      title="Delete this group?"
      confirm={`Delete ${jobs}`}
      keep="Keep it"
      done="The group is deleted."
      run={remove}
    >
      The group goes with its {jobs}, their results and their documents. Nothing brings them back.
    </ConfirmDialog>
  );
}
