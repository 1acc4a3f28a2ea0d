import type { Signal } from "@preact/signals";
import type { JobSummary } from "../data/types.ts";
import { count, money, rough } from "../parts/format.ts";
import { Status } from "../parts/status.tsx";
import { Ago, Until } from "../parts/time.tsx";
import { addressOf, type JobView } from "./job-view.ts";

export const COLUMNS = [
  "Document",
  "Status",
  "Attempts",
  "Pages",
  "Cost",
  "Time",
  "Changed",
] as const;

interface Props {
  /** Not here while it is being read. */
  readonly job: JobSummary | undefined;
  readonly groupId: string;
  readonly view: JobView;
  readonly index: number;
  readonly top: number;
  readonly current: boolean;
  readonly chosen: Signal<ReadonlySet<string>> | undefined;
}

const HEAD_ROWS = 1;

export const JobRow = ({ job, index, top, ...rest }: Props) => (
  <div
    class={rest.current ? "job-row job-row-current" : "job-row"}
    role="row"
    aria-rowindex={index + 1 + HEAD_ROWS}
    style={{ transform: `translateY(${top}px)` }}
  >
    {job === undefined ? (
      <span role="cell" class="job-document quiet">
        {count(index + 1)}
      </span>
    ) : (
      <Cells job={job} {...rest} />
    )}
  </div>
);

type CellProps = Omit<Props, "job" | "index" | "top"> & { readonly job: JobSummary };

const Cells = ({ job, groupId, view, current, chosen }: CellProps) => (
  <>
    <span role="cell" class="job-document">
      {chosen !== undefined && <Choice job={job} chosen={chosen} />}
      <a
        class="row-link"
        href={addressOf(groupId, { ...view, job: job.jobId })}
        aria-current={current ? "true" : undefined}
        title={job.documentName}
      >
        <bdi>{job.documentName}</bdi>
      </a>
      {job.jobNumber !== undefined && <bdi class="quiet job-number">{job.jobNumber}</bdi>}
    </span>
    <span role="cell" class="job-status">
      <Status status={job.status} />
      {job.error !== undefined && (
        <bdi class="job-error" title={job.error}>
          {job.error}
        </bdi>
      )}
      {job.retryAt !== undefined && (
        <span class="quiet">
          again <Until at={job.retryAt} />
        </span>
      )}
    </span>
    <span role="cell" class="job-attempts">
      {job.attempts > 0 && job.attempts}
    </span>
    <span role="cell" class="job-pages">
      {job.pages !== undefined && count(job.pages)}
    </span>
    <span role="cell" class="job-cost">
      {job.cost !== undefined && money(job.cost, job.currency ?? "USD")}
    </span>
    <span role="cell" class="job-time">
      {job.processingTime !== undefined && `${rough(job.processingTime)} s`}
    </span>
    <span role="cell" class="job-changed">
      <Ago at={job.updatedAt} />
    </span>
  </>
);

interface ChoiceProps {
  readonly job: JobSummary;
  readonly chosen: Signal<ReadonlySet<string>>;
}

/** Only a job that has not finished can be cancelled. The others keep its place free. */
const Choice = ({ job: { jobId, documentName, status }, chosen }: ChoiceProps) =>
  status === "queued" || status === "processing" ? (
    <input
      type="checkbox"
      class="job-choice"
      aria-label={`Choose ${documentName}`}
      checked={chosen.value.has(jobId)}
      onChange={({ currentTarget: { checked } }) => {
        const others = [...chosen.value].filter((id) => id !== jobId);
        chosen.value = new Set(checked ? [...others, jobId] : others);
      }}
    />
  ) : (
    <span class="job-choice" />
  );
