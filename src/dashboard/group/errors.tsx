import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso/router";
import { useLive } from "../data/live.ts";
import { may } from "../data/session.ts";
import type { JobErrors } from "../data/types.ts";
import { count, counted } from "../parts/format.ts";
import { RefusalNote } from "../parts/refusal-note.tsx";
import type { ActionProps } from "./actions.tsx";
import { readErrors } from "./read-errors.ts";
import { RetryDialog } from "./retry-dialog.tsx";

const EVERY_MS = 60_000;

/** The failed jobs by code, each with its latest error and a job to look at. */
export function Errors(props: Omit<ActionProps, "onFailure">) {
  const { _id: id, failedJobs, status } = props.group;
  const retried = useSignal<string | null>(null);
  const failure = useSignal<Error | null>(null);
  const { data } = useLive(
    (signal) => readErrors(id, signal),
    () => EVERY_MS,
    [id, failedJobs],
  );
  if (failedJobs === 0 || data.value === undefined || data.value.length === 0) return null;
  const onRetry = may("groups:write") && status !== "cancelled" ? retried : undefined;
  return (
    <section class="card errors" aria-labelledby="errors">
      <h2 id="errors">
        Errors <span class="quiet">{counted(failedJobs, "failed job")}</span>
      </h2>
      {failure.value !== null && (
        <RefusalNote error={failure.value} onClose={() => (failure.value = null)} />
      )}
      <ul>
        {data.value.map((error) => (
          <ErrorRow
            key={error.errorCode}
            error={error}
            share={error.jobs / failedJobs}
            onRetry={onRetry && (() => (onRetry.value = error.errorCode))}
          />
        ))}
      </ul>
      {retried.value !== null && (
        <RetryDialog
          {...props}
          errorCode={retried.value}
          onFailure={(error) => (failure.value = error)}
          onClose={() => (retried.value = null)}
        />
      )}
    </section>
  );
}

interface RowProps {
  readonly error: JobErrors;
  /** The code's share of the failed jobs. */
  readonly share: number;
  readonly onRetry: (() => void) | undefined;
}

function ErrorRow({ error: { errorCode, jobs, error, jobId }, share, onRetry }: RowProps) {
  const { path } = useLocation();
  return (
    <li>
      <b>{count(jobs)}</b>
      <div class="error-what">
        <code>{errorCode}</code>
        <span class="error-share" aria-hidden="true">
          <i style={{ width: `${share * 100}%` }} />
        </span>
        <bdi>{error}</bdi>
      </div>
      <a href={`${path}?job=${jobId}`}>
        Example<span class="hidden"> of {errorCode}</span>
      </a>
      {onRetry !== undefined && (
        <button type="button" class="button button-plain" onClick={onRetry}>
          Retry…<span class="hidden"> {errorCode}</span>
        </button>
      )}
    </li>
  );
}
