import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { answered, groups } from "../data/client.ts";
import type { Group } from "../data/types.ts";
import { Action } from "../parts/action.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { readFields } from "./read-fields.ts";
import { save } from "./save.ts";

interface Props {
  readonly group: Group;
  readonly onClose: () => void;
}

const FORMATS = [
  ["csv", "CSV, for a spreadsheet"],
  ["ndjson", "NDJSON, one job a line with all its data"],
] as const;

/** Saves the results of the group as a file. */
export function DownloadDialog({ group: { _id: id, name }, onClose }: Props) {
  const format = useSignal<"csv" | "ndjson">("csv");
  const fields = useSignal("");
  const failure = useSignal<Error | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    readFields(id, abort.signal).then(
      (found) => (fields.value ||= found.join(",")),
      // Without a suggestion the user names the columns.
      () => undefined,
    );
    return () => abort.abort();
  }, []);
  const download = async () => {
    failure.value = null;
    const csv = { bom: "true" as const, ...(fields.value !== "" && { fields: fields.value }) };
    const query = { format: format.value, ...(format.value === "csv" && csv) };
    const answer = await answered(groups.value[":id"].results.$get({ param: { id }, query }));
    save(await answer.blob(), `${name}.${format.value}`);
    onClose();
  };
  return (
    <Dialog title="Download results" onClose={onClose}>
      {failure.value !== null && <RefusalNote error={failure.value} />}
      <p>The completed, failed and cancelled jobs of now, in the order they were added.</p>
      <fieldset class="codes">
        <legend>Format</legend>
        {FORMATS.map(([value, label]) => (
          <label key={value} class="check">
            <input
              type="radio"
              name="format"
              checked={format.value === value}
              onChange={() => (format.value = value)}
            />
            {label}
          </label>
        ))}
      </fieldset>
      {format.value === "csv" && (
        <Field
          label="Columns of the extracted data"
          help="JSON pointers with commas between them. The fields of the job are always there."
        >
          {(control) => (
            <input
              {...control}
              type="text"
              value={fields.value}
              spellcheck={false}
              placeholder="/invoiceNumber,/total"
              onInput={(event) => (fields.value = event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <div class="dialog-actions">
        <button type="button" class="button button-plain" onClick={onClose}>
          Close
        </button>
        <Action
          kind="primary"
          done="The results are saved."
          run={download}
          onFailure={(error) => (failure.value = error)}
        >
          Download
        </Action>
      </div>
    </Dialog>
  );
}
