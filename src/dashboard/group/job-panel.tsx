import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ask, groups } from "../data/client.ts";
import { useLive } from "../data/live.ts";
import type { Job } from "../data/types.ts";
import { count, counted, money, percent, rough } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { Status } from "../parts/status.tsx";
import { Moment, Until } from "../parts/time.tsx";
import type { ActionProps } from "./actions.tsx";
import { Attempts } from "./attempts.tsx";
import { Document } from "./document.tsx";
import { Extracted } from "./extracted.tsx";
import { JobActions } from "./job-actions.tsx";
import { Fact } from "./settings.tsx";

interface Props extends ActionProps {
  readonly jobId: string;
  readonly onClose: () => void;
}

const MOVING_MS = 2_000;
const STANDING_MS = 15_000;

const pause = (job: Job | undefined): number =>
  job?.status === "queued" || job?.status === "processing" ? MOVING_MS : STANDING_MS;

/** One job beside the list: how it went, and what was read. */
export function JobPanel({ jobId, onClose, ...props }: Props) {
  const { _id: id } = props.group;
  const { data, refusal, refresh } = useLive(
    async (signal) => {
      const request = groups.value[":id"].jobs[":jobId"].$get(
        { param: { id, jobId } },
        { init: { signal } },
      );
      return (await ask(request)).data;
    },
    pause,
    [id, jobId],
  );
  const job = data.value?.jobId === jobId ? data.value : undefined;
  return (
    <Panel title={job?.documentName ?? "Job"} key={jobId} onClose={onClose}>
      {refusal.value !== null && <RefusalNote error={refusal.value} />}
      {job !== undefined && (
        <>
          {job.documentSha256 !== undefined && <Document groupId={id} job={job} />}
          <JobActions
            {...props}
            job={job}
            onChange={(group) => {
              props.onChange(group);
              refresh();
            }}
          />
          <Facts job={job} />
          {job.error !== undefined && (
            <p class="panel-error">
              <bdi>{job.error}</bdi> <code>{job.errorCode}</code>
            </p>
          )}
          {job.extractedData !== undefined && <Extracted data={job.extractedData} />}
          <Attempts history={job.history} />
          {job.metadata !== undefined && <Extracted data={job.metadata} title="Metadata" />}
        </>
      )}
    </Panel>
  );
}

interface PanelProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Takes the focus when it opens; Escape closes it. */
function Panel({ title, onClose, children }: PanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <aside
      class="panel"
      aria-labelledby="job-title"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header class="panel-head">
        <h3 id="job-title" ref={heading} tabIndex={-1}>
          <bdi>{title}</bdi>
        </h3>
        <button type="button" class="icon-button" onClick={onClose} aria-label="Close the job">
          <Icon name="close" />
        </button>
      </header>
      {children}
    </aside>
  );
}

const Facts = ({ job }: { job: Job }) => (
  <dl class="facts">
    <Fact name="Status">
      <Status status={job.status} />
    </Fact>
    <Fact name="Number">{job.jobNumber}</Fact>
    <Fact name="Attempts">{count(job.attempts)}</Fact>
    <Fact name="Deferred">{job.deferrals && counted(job.deferrals, "time")}</Fact>
    <Fact name="Worker">{job.workerId}</Fact>
    <Fact name="Lease ends">{job.leaseExpiresAt && <Until at={job.leaseExpiresAt} />}</Fact>
    <Fact name="Tried again">{job.retryAt && <Until at={job.retryAt} />}</Fact>
    <Fact name="Finished">{job.completedAt && <Moment at={job.completedAt} />}</Fact>
    <Fact name="Took">{job.processingTime !== undefined && `${rough(job.processingTime)} s`}</Fact>
    <Fact name="Pages">{job.pages}</Fact>
    <Fact name="Cost">{job.cost !== undefined && money(job.cost, job.currency ?? "USD")}</Fact>
    <Fact name="Confidence">{job.confidence !== undefined && percent(job.confidence)}</Fact>
    <Fact name="Type">{job.documentType}</Fact>
    <Fact name="Address">{job.documentUrl !== undefined && <Address url={job.documentUrl} />}</Fact>
    <Fact name="Id">
      <code>{job.jobId}</code>
    </Fact>
  </dl>
);

/** Only what a browser can open is a link: processors may have other schemes. */
const Address = ({ url }: { url: string }) =>
  /^https?:/i.test(url) ? (
    <a href={url} target="_blank" rel="noreferrer">
      {url}
    </a>
  ) : (
    <>{url}</>
  );
