import { useSignal } from "@preact/signals";
import { ask, groups } from "../data/client.ts";
import { useLive } from "../data/live.ts";
import type { JobErrors } from "../data/types.ts";
import { Action } from "../parts/action.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { count, counted } from "../parts/format.ts";
import { RefusalNote } from "../parts/refusal-note.tsx";
import type { ActionProps } from "./actions.tsx";
import { readErrors } from "./read-errors.ts";

const EVERY_MS = 5_000;
/** A retry names no more codes. */
const MOST_CODES = 20;

interface Props extends ActionProps {
  /** The code that is chosen at first. Without it all failed jobs are. */
  readonly errorCode?: string;
  readonly onClose: () => void;
}

/** Asks the API how many jobs the choice means before it runs them again. */
export function RetryDialog({ group, errorCode, onChange, onFailure, onClose }: Props) {
  const { _id: id } = group;
  const chosen = useSignal<readonly string[]>(errorCode === undefined ? [] : [errorCode]);
  const retry = async (dryRun: boolean, signal?: AbortSignal) => {
    const json = { dryRun, ...(chosen.value.length > 0 && { errorCodes: [...chosen.value] }) };
    const options = signal ? { init: { signal } } : {};
    return ask(groups.value[":id"].retry.$post({ param: { id }, json }, options));
  };
  const errors = useLive(
    (signal) => readErrors(id, signal),
    () => EVERY_MS,
    [id],
  );
  const counting = useLive(
    async (signal) => ({ of: chosen.value, jobs: (await retry(true, signal)).matched }),
    () => EVERY_MS,
    [id, chosen.value],
  );
  const latest = counting.data.value;
  const matched = latest?.of === chosen.value ? latest.jobs : undefined;
  return (
    <Dialog title="Retry failed jobs?" onClose={onClose}>
      {counting.refusal.value !== null && <RefusalNote error={counting.refusal.value} />}
      <Codes
        errors={errors.data.value ?? []}
        chosen={chosen.value}
        onChoose={(codes) => (chosen.value = codes)}
      />
      <p role="status">{matched === undefined ? "Counting…" : <Meaning jobs={matched} />}</p>
      <div class="dialog-actions">
        <button type="button" class="button button-plain" onClick={onClose}>
          Leave them
        </button>
        {matched !== undefined && matched > 0 && (
          <Action
            kind="primary"
            done="The failed jobs wait again."
            run={async () => {
              onChange((await retry(false)).data);
              onClose();
            }}
            onFailure={(error) => {
              onClose();
              onFailure(error);
            }}
          >
            Retry {counted(matched, "job")}
          </Action>
        )}
      </div>
    </Dialog>
  );
}

const Meaning = ({ jobs }: { jobs: number }) => (
  <>
    {counted(jobs, "failed job")} will wait for a processor again, each with all its attempts. What
    they have cost stays counted.
  </>
);

interface CodesProps {
  readonly errors: readonly JobErrors[];
  readonly chosen: readonly string[];
  readonly onChoose: (codes: readonly string[]) => void;
}

/** The codes of the failed jobs. None chosen means all of them. */
const Codes = ({ errors, chosen, onChoose }: CodesProps) => (
  <fieldset class="codes">
    <legend>Only those with these codes; none chosen means all</legend>
    {errors.slice(0, MOST_CODES).map(({ errorCode, jobs }) => (
      <label key={errorCode} class="check">
        <input
          type="checkbox"
          checked={chosen.includes(errorCode)}
          onChange={(event) => {
            const others = chosen.filter((code) => code !== errorCode);
            onChoose(event.currentTarget.checked ? [...others, errorCode] : others);
          }}
        />
        <code>{errorCode}</code> <span class="quiet">{count(jobs)}</span>
      </label>
    ))}
  </fieldset>
);
