import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { ask, groups } from "../data/client.ts";
import { may } from "../data/session.ts";
import type { Group } from "../data/types.ts";
import { Action } from "../parts/action.tsx";
import { Icon } from "../parts/icon.tsx";
import { isEnded } from "../parts/progress.ts";
import { AddDocuments } from "./add-documents.tsx";
import { PauseOrResume } from "./pause-or-resume.tsx";
import { CancelGroup, DeleteGroup } from "./confirmations.tsx";
import { DownloadDialog } from "./download-dialog.tsx";
import { RetryDialog } from "./retry-dialog.tsx";
import { Uploads } from "./uploads.ts";
import { useDrop } from "./use-drop.ts";

export interface ActionProps {
  readonly group: Group;
  readonly onChange: (group: Group) => void;
  readonly onFailure: (error: Error) => void;
}

type Open = "add" | "retry" | "cancel" | "download" | "delete" | null;

/** The actions that the group's status and the key's scopes allow. */
export function Actions(props: ActionProps) {
  const { group } = props;
  const open = useSignal<Open>(null);
  const uploads = useMemo(() => new Uploads(group._id), [group._id]);
  useDrop(may("groups:write") && group.status !== "cancelled", (files) => {
    uploads.add(files);
    open.value = "add";
  });
  const close = () => (open.value = null);
  const opening = (dialog: Open) => () => (open.value = dialog);
  return (
    <div class="actions">
      {may("groups:write") && <Changes {...props} opening={opening} />}
      {group.totalJobs > group.pendingJobs && (
        <button type="button" class="button button-plain" onClick={opening("download")}>
          <Icon name="down" /> Results
        </button>
      )}
      {may("groups:write") && isEnded(group) && (
        <button type="button" class="button button-danger" onClick={opening("delete")}>
          Delete…
        </button>
      )}
      {may("groups:write") && <Release {...props} />}
      {open.value === "add" && <AddDocuments group={group} uploads={uploads} onClose={close} />}
      {open.value === "retry" && <RetryDialog {...props} onClose={close} />}
      {open.value === "cancel" && <CancelGroup {...props} onClose={close} />}
      {open.value === "download" && <DownloadDialog group={group} onClose={close} />}
      {open.value === "delete" && <DeleteGroup {...props} onClose={close} />}
    </div>
  );
}

function Changes(props: ActionProps & { opening: (dialog: Open) => () => void }) {
  const { group, opening } = props;
  return (
    <>
      {group.status !== "cancelled" && (
        <button type="button" class="button button-plain" onClick={opening("add")}>
          <Icon name="plus" /> Add documents
        </button>
      )}
      {group.failedJobs > 0 && group.status !== "cancelled" && (
        <button type="button" class="button button-plain" onClick={opening("retry")}>
          Retry failed…
        </button>
      )}
      {!isEnded(group) && <PauseOrResume {...props} />}
      {!isEnded(group) && (
        <button type="button" class="button button-danger" onClick={opening("cancel")}>
          Cancel…
        </button>
      )}
    </>
  );
}

function Release({ group, onChange, onFailure }: ActionProps) {
  if (group.status !== "created" || group.totalJobs === 0) return null;
  const param = { id: group._id };
  return (
    <Action
      kind="primary"
      done="The group is released to the processors."
      run={async () => onChange((await ask(groups.value[":id"].process.$post({ param }))).data)}
      onFailure={onFailure}
    >
      Process
    </Action>
  );
}
