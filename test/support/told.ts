import type { Command } from "../../src/domain/commands.ts";
import type { ClaimReply, DecidedReply, Replies } from "../../src/domain/replies.ts";

/** An answer without what the model does not say. */
export type Told = { readonly refused: string } | { readonly reply: object };

type Reply = DecidedReply | Replies[Command["kind"]];
type Answer =
  | { readonly ok: true; readonly reply: Reply }
  | { readonly ok: false; readonly refusal: { readonly code: string } };

/** The answer of a command that shows the group. The group is shown as its commit left it, so the model says nothing of it. */
export const DONE: Told = { reply: { done: true } };

export function told(answer: Answer): Told {
  if (!answer.ok) return { refused: answer.refusal.code };
  const { reply } = answer;
  if (reply === null || reply === "group" || "totalJobs" in reply) return DONE;
  if ("storedDocuments" in reply || "documentKey" in reply) return DONE;
  if ("leaseEnds" in reply) return { reply };
  if ("matched" in reply) return { reply: { matched: reply.matched } };
  if ("leases" in reply) return { reply: claimOf(reply) };
  if ("added" in reply) {
    const jobs = reply.jobs.map(({ jobId, status }) => ({ jobId, status }));
    return { reply: { added: reply.added, existing: reply.existing, jobs } };
  }
  return { reply: { ...reply, ...(reply.next && { next: claimOf(reply.next) }) } };
}

const claimOf = ({ leases, reason, retryAt }: ClaimReply) => ({
  leases: leases.map(({ jobId, leaseId, attempt, leaseExpiresAt }) => ({
    jobId,
    leaseId,
    attempt,
    leaseExpiresAt,
  })),
  reason,
  retryAt,
});
