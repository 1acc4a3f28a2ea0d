import type { Lease, Processor } from "./kit/index.ts";

/** One line for each event that an operator wants to see. */
export function logEvents(processor: Processor, write: (line: string) => void): void {
  const name = ({ documentName, groupId }: Lease) =>
    `${JSON.stringify(documentName)} of ${groupId}`;
  processor.on("claimed", (job) => write(`claimed ${name(job)}, attempt ${job.attempt}`));
  processor.on("completed", (job, { seconds, pages }) =>
    write(`completed ${name(job)}: ${pages ?? "?"} pages, ${seconds.toFixed(1)} s`),
  );
  processor.on("failed", (job, { errorCode, error, retryable }) =>
    write(`failed ${name(job)}: ${errorCode}, ${error}${retryable ? "" : " (for good)"}`),
  );
  processor.on("released", (job, { reason, retryAfterSeconds }) =>
    write(`released ${name(job)} for ${retryAfterSeconds} s: ${reason}`),
  );
  processor.on("lost", (job, { reason }) => write(`lost ${name(job)}: ${reason}`));
  processor.on("retrying", ({ call, reason, waitSeconds }) =>
    write(`${call} again in ${waitSeconds.toFixed(1)} s: ${reason}`),
  );
}
