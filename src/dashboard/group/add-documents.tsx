import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ask, groups } from "../data/client.ts";
import type { Group } from "../data/types.ts";
import { Action } from "../parts/action.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { count, counted } from "../parts/format.ts";
import { Field } from "../parts/field.tsx";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { documentsIn, inCalls } from "./document-lines.ts";
import { UploadFiles } from "./upload-files.tsx";
import type { Uploads } from "./uploads.ts";

interface Props {
  readonly group: Group;
  readonly uploads: Uploads;
  readonly onClose: () => void;
}

/** Adds documents: files, which are stored here, or those that processors know by name or fetch from an address. */
export const AddDocuments = ({ group, uploads, onClose }: Props) => (
  <Dialog title="Add documents" onClose={onClose}>
    <UploadFiles uploads={uploads} />
    <details class="by-address">
      <summary>By name or address</summary>
      <AddByAddress group={group} onClose={onClose} />
    </details>
  </Dialog>
);

function AddByAddress({ group, onClose }: Omit<Props, "uploads">) {
  const text = useSignal("");
  const added = useSignal(0);
  const failure = useSignal<Error | null>(null);
  /** The same documents sent again are recognised by it, so none is added twice. */
  const attempt = useRef({ text: "", key: "" });
  const documents = documentsIn(text.value);
  const add = async () => {
    failure.value = null;
    if (attempt.current.text !== text.value) {
      attempt.current = { text: text.value, key: crypto.randomUUID() };
    }
    added.value = 0;
    for (const [call, jobs] of inCalls(documents).entries()) {
      const header = { "Idempotency-Key": `${attempt.current.key}-${call}` };
      await ask(
        groups.value[":id"].jobs.$post({ param: { id: group._id }, header, json: { jobs } }),
      );
      added.value += jobs.length;
    }
    onClose();
  };
  return (
    <>
      {failure.value !== null && <RefusalNote error={failure.value} />}
      <Field
        label="Documents"
        help="One a line: the address from which processors fetch it, or the name they know it by."
      >
        {(control) => (
          <textarea
            {...control}
            rows={8}
            spellcheck={false}
            placeholder={"https://files.example/invoice-1.pdf\ninvoice-2.pdf"}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="dialog-actions">
        {added.value > 0 && (
          <progress
            max={documents.length}
            value={added.value}
            aria-label={`${count(added.value)} of ${count(documents.length)} added`}
          />
        )}
        {documents.length > 0 && (
          <Action
            kind="primary"
            done={`${counted(documents.length, "document")} added.`}
            run={add}
            onFailure={(error) => (failure.value = error)}
          >
            Add {counted(documents.length, "document")}
          </Action>
        )}
      </div>
    </>
  );
}
