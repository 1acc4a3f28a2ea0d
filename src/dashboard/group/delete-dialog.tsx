import { useLocation } from "preact-iso/router";
import { ask, groups } from "../data/client.ts";
import { Action } from "../parts/action.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { counted } from "../parts/format.ts";
import type { ActionProps } from "./actions.tsx";

export function DeleteDialog({
  group: { _id: id, totalJobs },
  onFailure,
  onClose,
}: Omit<ActionProps, "onChange"> & { onClose: () => void }) {
  const { route } = useLocation();
  const remove = async () => {
    await ask(groups.value[":id"].$delete({ param: { id } }));
    route("/dashboard");
  };
  return (
    <Dialog title="Delete this group?" onClose={onClose}>
      <p>
        The group goes with its {counted(totalJobs, "job")}, their results and their documents.
        Nothing brings them back.
      </p>
      <div class="dialog-actions">
        <button type="button" class="button button-plain" onClick={onClose}>
          Keep it
        </button>
        <Action
          kind="danger"
          done="The group is deleted."
          run={remove}
          onFailure={(error) => {
            onClose();
            onFailure(error);
          }}
        >
          Delete {counted(totalJobs, "job")}
        </Action>
      </div>
    </Dialog>
  );
}
