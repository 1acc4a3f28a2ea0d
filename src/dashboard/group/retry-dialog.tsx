import { ask, groups } from "../data/client.ts";
import { Action } from "../parts/action.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { counted } from "../parts/format.ts";
import type { ActionProps } from "./actions.tsx";

export function RetryDialog({
  group,
  onChange,
  onFailure,
  onClose,
}: ActionProps & { onClose: () => void }) {
  const retry = async () => {
    const request = groups.value[":id"].retry.$post({ param: { id: group._id } });
    onChange((await ask(request)).data);
    onClose();
  };
  return (
    <Dialog title="Retry failed jobs?" onClose={onClose}>
      <p>
        {counted(group.failedJobs, "failed job")} will wait for a processor again, each with all its
        attempts. What they have cost stays counted.
      </p>
      <div class="dialog-actions">
        <button type="button" class="button button-plain" onClick={onClose}>
          Leave them
        </button>
        <Action
          kind="primary"
          done="The failed jobs wait again."
          run={retry}
          onFailure={(error) => {
            onClose();
            onFailure(error);
          }}
        >
          Retry {counted(group.failedJobs, "job")}
        </Action>
      </div>
    </Dialog>
  );
}
