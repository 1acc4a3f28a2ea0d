import type { JobSummary } from "../data/types.ts";
import { count, money, rough } from "../parts/format.ts";
import { Status } from "../parts/status.tsx";
import { Ago, Until } from "../parts/time.tsx";

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
  readonly index: number;
  readonly top: number;
  readonly current: boolean;
}

const HEAD_ROWS = 1;

export const JobRow = ({ job, groupId, index, top, current }: Props) => (
  <div
    class={current ? "job-row job-row-current" : "job-row"}
    role="row"
    aria-rowindex={index + 1 + HEAD_ROWS}
    style={{ transform: `translateY(${top}px)` }}
  >
    {job === undefined ? (
      <span role="cell" class="job-document quiet">
        {count(index + 1)}
      </span>
    ) : (
      <Cells job={job} groupId={groupId} current={current} />
    )}
  </div>
);

const Cells = ({
  job,
  groupId,
  current,
}: {
  job: JobSummary;
  groupId: string;
  current: boolean;
}) => (
  <>
    <span role="cell" class="job-document">
      <a
        class="row-link"
        href={`/dashboard/groups/${groupId}?job=${job.jobId}`}
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
