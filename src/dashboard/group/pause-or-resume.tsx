import { useSignal } from "@preact/signals";
import { ask, groups } from "../data/client.ts";
import { Action } from "../parts/action.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import type { ActionProps } from "./actions.tsx";

/** Stops the claims of a group that has not ended, or lets them go on. */
export function PauseOrResume(props: ActionProps) {
  const asked = useSignal(false);
  const { group, onChange, onFailure } = props;
  const resume = async () => {
    const param = { id: group._id };
    onChange((await ask(groups.value[":id"].resume.$post({ param }))).data);
  };
  return (
    <>
      {group.pausedAt === undefined ? (
        <button type="button" class="button button-plain" onClick={() => (asked.value = true)}>
          Pause…
        </button>
      ) : (
        <Action
          kind="primary"
          done="Processors may claim again."
          run={resume}
          onFailure={onFailure}
        >
          Resume
        </Action>
      )}
      {asked.value && <Pause {...props} onClose={() => (asked.value = false)} />}
    </>
  );
}

function Pause({ group, onChange, onFailure, onClose }: ActionProps & { onClose: () => void }) {
  const reason = useSignal("");
  const pause = async () => {
    const text = reason.value.trim();
    const request = { param: { id: group._id }, json: text === "" ? {} : { reason: text } };
    onChange((await ask(groups.value[":id"].pause.$post(request))).data);
    onClose();
  };
  return (
    <Dialog title="Pause this group?" onClose={onClose}>
      <p>No further job is claimed until you resume it. Jobs that are being read go on.</p>
      <Field label="Reason" help="Shown to all who look at the group. It may be empty.">
        {(control) => (
          <input
            {...control}
            maxLength={500}
            autofocus
            onInput={(event) => (reason.value = event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="dialog-actions">
        <button type="button" class="button button-plain" onClick={onClose}>
          Let it run
        </button>
        <Action
          kind="primary"
          done="The group is paused."
          run={pause}
          onFailure={(error) => {
            onClose();
            onFailure(error);
          }}
        >
          Pause
        </Action>
      </div>
    </Dialog>
  );
}
