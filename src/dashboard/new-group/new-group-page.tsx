import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso/router";
import { useEffect, useRef } from "preact/hooks";
import { ask, groups } from "../data/client.ts";
import { Refusal } from "../data/refusal.ts";
import { may } from "../data/session.ts";
import { PRIORITIES } from "../data/types.ts";
import { announce } from "../parts/announce.tsx";
import { Field } from "../parts/field.tsx";
import { NotFound } from "../parts/not-found.tsx";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { groupInput } from "./group-input.ts";

export function NewGroupPage() {
  useEffect(() => {
    document.title = "New group";
  }, []);
  return may("groups:write") ? <NewGroup /> : <NotFound />;
}

function NewGroup() {
  const { route } = useLocation();
  const failure = useSignal<Error | null>(null);
  const busy = useSignal(false);
  /** A form that is sent again because no answer came makes one group. */
  const attempt = useRef({ text: "", key: "" });
  const submit = async (form: HTMLFormElement) => {
    if (busy.peek()) return;
    busy.value = true;
    failure.value = null;
    const json = groupInput(new FormData(form));
    const text = JSON.stringify(json);
    if (attempt.current.text !== text) attempt.current = { text, key: crypto.randomUUID() };
    try {
      const header = { "Idempotency-Key": attempt.current.key };
      const { data } = await ask(groups.value.$post({ json, header }));
      announce("The group is created.");
      route(`/dashboard/groups/${data._id}`);
    } catch (error) {
      failure.value = error as Error;
    } finally {
      busy.value = false;
    }
  };
  return (
    <main class="page page-narrow">
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href="/dashboard">Groups</a>
      </nav>
      <h1>New group</h1>
      {failure.value !== null && <RefusalNote error={failure.value} />}
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        <Fields faults={faultsOf(failure.value)} />
        <div class="form-actions">
          <a class="button button-plain" href="/dashboard">
            Back
          </a>
          <button type="submit" class="button button-primary" aria-disabled={busy.value}>
            Create group
          </button>
        </div>
      </form>
    </main>
  );
}

type Faults = Readonly<Record<string, string>>;

/** The API's words on each field, by the last part of the pointer. */
function faultsOf(error: Error | null): Faults {
  if (!(error instanceof Refusal)) return {};
  const faults = error.problem.errors ?? [];
  return Object.fromEntries(
    faults.map(({ pointer = "", detail }) => [
      pointer.split("/").findLast((part) => !/^\d*$/.test(part)) ?? "",
      detail,
    ]),
  );
}

const Fields = ({ faults }: { faults: Faults }) => (
  <>
    <fieldset class="card">
      <legend>The batch</legend>
      <Field label="Name" fault={faults["name"]} help="What people call the group.">
        {(control) => <input {...control} name="name" required autofocus />}
      </Field>
      <div class="field-row">
        <Field
          label="Template"
          fault={faults["template"]}
          help="Tells processors how to read the documents."
        >
          {(control) => <input {...control} name="template" required />}
        </Field>
        <Field
          label="Batch number"
          fault={faults["batchNumber"]}
          help="Your own number, to find it by."
        >
          {(control) => <input {...control} name="batchNumber" />}
        </Field>
      </div>
      <Field label="Description" fault={faults["description"]}>
        {(control) => <textarea {...control} name="description" rows={2} />}
      </Field>
      <div class="field-row">
        <Field label="Tags" fault={faults["tags"]} help="Separated by commas.">
          {(control) => <input {...control} name="tags" />}
        </Field>
        <Field label="Assigned to" fault={faults["assignedTo"]} help="Who looks after it.">
          {(control) => <input {...control} name="assignedTo" />}
        </Field>
      </div>
    </fieldset>
    <Processing faults={faults} />
    <Telling faults={faults} />
  </>
);

const Processing = ({ faults }: { faults: Faults }) => (
  <fieldset class="card">
    <legend>Processing</legend>
    <div class="field-row">
      <Field
        label="Priority"
        fault={faults["priority"]}
        help="Processors that serve all groups take urgent ones first."
      >
        {(control) => (
          <select {...control} name="priority">
            {PRIORITIES.map((priority) => (
              <option key={priority} selected={priority === "medium"}>
                {priority}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label="Jobs at once"
        fault={faults["parallelJobs"]}
        help="1 to 10: so many documents are read at the same time."
      >
        {(control) => (
          <input {...control} name="parallelJobs" type="number" min={1} max={10} defaultValue="3" />
        )}
      </Field>
    </div>
    <div class="field-row">
      <Field
        label="Retries"
        fault={faults["retryCount"]}
        help="0 to 5: further attempts after the first one of a document has failed."
      >
        {(control) => (
          <input {...control} name="retryCount" type="number" min={0} max={5} defaultValue="2" />
        )}
      </Field>
      <Field
        label="Minutes an attempt"
        fault={faults["timeoutMinutes"]}
        help="5 to 120: an attempt without a report for so long has failed."
      >
        {(control) => (
          <input
            {...control}
            name="timeoutMinutes"
            type="number"
            min={5}
            max={120}
            defaultValue="30"
          />
        )}
      </Field>
    </div>
  </fieldset>
);

const Telling = ({ faults }: { faults: Faults }) => (
  <fieldset class="card">
    <legend>E-mail</legend>
    <Field label="Recipients" fault={faults["recipients"]} help="Addresses, separated by commas.">
      {(control) => <input {...control} name="recipients" inputMode="email" />}
    </Field>
    <label class="check">
      <input type="checkbox" name="onCompletion" /> When the group ends
    </label>
    <label class="check">
      <input type="checkbox" name="onFailure" defaultChecked /> When the first document fails for
      good
    </label>
  </fieldset>
);
