import type { AttachDocument } from "./commands.ts";
import { isUnfinished } from "./job.ts";
import { type Decision, type LiveState, patchGroup, patchJob, refuse } from "./state.ts";

/** Gives a stored document to a job that has none, neither here nor elsewhere, and is not finished. */
export function attachDocument(
  state: LiveState,
  { jobId, documentType, stored }: AttachDocument,
  now: number,
): Decision<null> {
  const job = state.jobs.get(jobId);
  if (job === undefined) return refuse("JOB_NOT_FOUND", "The group has no job with this id.");
  // A commit without an answer, decided again.
  if (job.documentKey === stored.key) return { ok: true, state, reply: null };
  if (job.documentKey !== null) return refuse("DOCUMENT_EXISTS", "The job has a document already.");
  if (job.documentUrl !== null) {
    return refuse("DOCUMENT_EXISTS", "The job has a document already, at its documentUrl.");
  }
  if (!isUnfinished(job)) {
    return refuse("JOB_FINISHED", `The job is ${job.status}; it takes no document any more.`);
  }
  const document = {
    documentType,
    documentKey: stored.key,
    documentSize: stored.size,
    documentSha256: stored.sha256,
  };
  const next = patchJob(state, job, document, now);
  const storedDocuments = state.group.storedDocuments + 1;
  const storedBytes = state.group.storedBytes + stored.size;
  const group = patchGroup(next, { storedDocuments, storedBytes, updatedAt: now });
  return { ok: true, state: group, reply: null };
}
