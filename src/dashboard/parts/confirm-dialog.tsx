import type { ComponentChildren } from "preact";
import { Action } from "./action.tsx";
import { Dialog } from "./dialog.tsx";

interface Props {
  readonly title: string;
  /** The consequences. */
  readonly children: ComponentChildren;
  readonly kind?: "danger" | "primary";
  /** The label of the button that does it. */
  readonly confirm: string;
  /** The label of the button that does not. */
  readonly keep: string;
  /** Said to screen readers when it is done. */
  readonly done: string;
  readonly run: () => Promise<void>;
  readonly onFailure: (error: Error) => void;
  readonly onClose: () => void;
}

/** Asks before something is done that cannot be undone. It closes when it is done, and when it is refused. */
export const ConfirmDialog = (props: Props) => (
  <Dialog title={props.title} onClose={props.onClose}>
    <p>{props.children}</p>
    <div class="dialog-actions">
      <button type="button" class="button button-plain" onClick={props.onClose}>
        {props.keep}
      </button>
      <Action
        kind={props.kind ?? "danger"}
        done={props.done}
        run={async () => {
          await props.run();
          props.onClose();
        }}
        onFailure={(error) => {
          props.onClose();
          props.onFailure(error);
        }}
      >
        {props.confirm}
      </Action>
    </div>
  </Dialog>
);
