import { PRIORITIES } from "../data/types.ts";
import { Field } from "../parts/field.tsx";

/** The API's words on the fields that it refuses, by the field's name. */
export type Faults = Readonly<Record<string, string>>;

export const GroupFields = ({ faults }: { faults: Faults }) => (
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
    <Limits faults={faults} />
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

const Limits = ({ faults }: { faults: Faults }) => (
  <fieldset class="card">
    <legend>Limits</legend>
    <div class="field-row">
      <Field
        label="Pause above failures, in %"
        fault={faults["maxFailureRate"]}
        help="Of the documents that were read last. Empty: it never pauses for failures."
      >
        {(control) => (
          <input {...control} name="maxFailureRate" type="number" min={1} max={100} step="any" />
        )}
      </Field>
      <Field
        label="Pause at a cost of"
        fault={faults["maxCost"]}
        help="In the currency that processors report. Empty: it never pauses for cost."
      >
        {(control) => <input {...control} name="maxCost" type="number" min={0} step="any" />}
      </Field>
    </div>
    <Field
      label="Days to keep it"
      fault={faults["retentionDays"]}
      help="So long after its end the group is deleted with its documents. Empty: as the server is set up."
    >
      {(control) => <input {...control} name="retentionDays" type="number" min={1} max={3_650} />}
    </Field>
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
