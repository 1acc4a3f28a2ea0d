import { useSignal } from "@preact/signals";
import { ask, groups } from "../data/client.ts";
import { may } from "../data/session.ts";
import type { Group } from "../data/types.ts";
import { Action } from "../parts/action.tsx";
import { Icon } from "../parts/icon.tsx";
import { isEnded } from "../parts/progress.ts";
import { AddDocuments } from "./add-documents.tsx";
import { PauseOrResume } from "./pause-or-resume.tsx";
import { CancelDialog } from "./cancel-dialog.tsx";
import { RetryDialog } from "./retry-dialog.tsx";

export interface ActionProps {
  readonly group: Group;
  readonly onChange: (group: Group) => void;
  readonly onFailure: (error: Error) => void;
}

type Open = "add" | "retry" | "cancel" | null;

/** The actions that the group's status and the key's scopes allow. */
export function Actions(props: ActionProps) {
  const { group, onChange, onFailure } = props;
  const open = useSignal<Open>(null);
  if (!may("groups:write")) return null;
  const close = () => (open.value = null);
  const param = { id: group._id };
  return (
    <div class="actions">
      {group.status !== "cancelled" && (
        <button type="button" class="button button-plain" onClick={() => (open.value = "add")}>
          <Icon name="plus" /> Add documents
        </button>
      )}
      {group.failedJobs > 0 && group.status !== "cancelled" && (
        <button type="button" class="button button-plain" onClick={() => (open.value = "retry")}>
          Retry failed…
        </button>
      )}
      {!isEnded(group) && <PauseOrResume {...props} />}
      {!isEnded(group) && (
        <button type="button" class="button button-danger" onClick={() => (open.value = "cancel")}>
          Cancel…
        </button>
      )}
      {group.status === "created" && group.totalJobs > 0 && (
        <Action
          kind="primary"
          done="The group is released to the processors."
          run={async () => onChange((await ask(groups.value[":id"].process.$post({ param }))).data)}
          onFailure={onFailure}
        >
          Process
        </Action>
      )}
      {open.value === "add" && <AddDocuments group={group} onClose={close} />}
      {open.value === "retry" && <RetryDialog {...props} onClose={close} />}
      {open.value === "cancel" && <CancelDialog {...props} onClose={close} />}
    </div>
  );
}
