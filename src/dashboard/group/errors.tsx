import { useSignal } from "@preact/signals";
import { useLive } from "../data/live.ts";
import { may } from "../data/session.ts";
import type { Group, JobErrors } from "../data/types.ts";
import { count, counted } from "../parts/format.ts";
import { RefusalNote } from "../parts/refusal-note.tsx";
import type { ActionProps } from "./actions.tsx";
import { addressOf, type JobView } from "./job-view.ts";
import { readErrors } from "./read-errors.ts";
import { RetryDialog } from "./retry-dialog.tsx";

const EVERY_MS = 60_000;

/** The failed jobs of the group by code, read anew when their number changes. */
export function useErrors(id: string, group: Group | undefined): readonly JobErrors[] {
  const failedJobs = group?.failedJobs ?? 0;
  const { data } = useLive(
    async (signal) => (failedJobs === 0 ? [] : readErrors(id, signal)),
    () => EVERY_MS,
    [id, failedJobs],
  );
  return failedJobs === 0 ? [] : (data.value ?? []);
}

interface Props extends Omit<ActionProps, "onFailure"> {
  readonly view: JobView;
  readonly errors: readonly JobErrors[];
}

/** The failed jobs by code, each with its latest error, the jobs themselves and one to look at. */
export function Errors({ view, errors, ...props }: Props) {
  const { failedJobs, status } = props.group;
  const retried = useSignal<string | null>(null);
  const failure = useSignal<Error | null>(null);
  if (errors.length === 0) return null;
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
        {errors.map((error) => (
          <ErrorRow
            key={error.errorCode}
            error={error}
            addresses={{
              jobs: addressOf(props.group._id, { ...view, errorCode: error.errorCode }),
              example: addressOf(props.group._id, { ...view, job: error.jobId }),
            }}
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

/** The jobs stand below the errors. */
const showJobs = () => document.querySelector("#jobs")?.scrollIntoView({ block: "start" });

interface RowProps {
  readonly error: JobErrors;
  readonly addresses: { readonly jobs: string; readonly example: string };
  /** The code's share of the failed jobs. */
  readonly share: number;
  readonly onRetry: (() => void) | undefined;
}

function ErrorRow({ error: { errorCode, jobs, error }, addresses, share, onRetry }: RowProps) {
  return (
    <li>
      <b>{count(jobs)}</b>
      <div class="error-what">
        <a href={addresses.jobs} onClick={showJobs}>
          <code>{errorCode}</code>
        </a>
        <span class="error-share" aria-hidden="true">
          <i style={{ width: `${share * 100}%` }} />
        </span>
        <bdi>{error}</bdi>
      </div>
      <a href={addresses.example} onClick={showJobs}>
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
