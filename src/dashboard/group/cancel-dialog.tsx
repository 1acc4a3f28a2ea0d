import { ask, groups } from "../data/client.ts";
import { Action } from "../parts/action.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { counted } from "../parts/format.ts";
import type { ActionProps } from "./actions.tsx";

export function CancelDialog({
  group,
  onChange,
  onFailure,
  onClose,
}: ActionProps & { onClose: () => void }) {
  const cancel = async () => {
    const request = groups.value[":id"].cancel.$post({ param: { id: group._id } });
    onChange((await ask(request)).data);
    onClose();
  };
  return (
    <Dialog title="Cancel this group?" onClose={onClose}>
      <p>
        {counted(group.pendingJobs, "unfinished job")} will be cancelled, and processors lose the
        leases they hold. Results that are in stay. This is final.
      </p>
      <div class="dialog-actions">
        <button type="button" class="button button-plain" onClick={onClose}>
          Keep it
        </button>
        <Action
          kind="danger"
          done="The group is cancelled."
          run={cancel}
          onFailure={(error) => {
            onClose();
            onFailure(error);
          }}
        >
          Cancel {counted(group.pendingJobs, "job")}
        </Action>
      </div>
    </Dialog>
  );
}
