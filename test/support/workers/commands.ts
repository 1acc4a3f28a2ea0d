import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { CommandRequest, Outcome } from "../../../src/coordinator/protocol.ts";
import type {
  AddJobs,
  ClaimJobs,
  Command,
  CompleteJob,
  FailJob,
  ReleaseJob,
} from "../../../src/domain/commands.ts";
import type { GroupInput } from "../../../src/domain/group.ts";
import { randomHex } from "../../../src/lib/hex.ts";
import { GROUP_INPUT } from "../group-input.ts";
import { askDirectly } from "./faulty-d1.ts";
import type { GroupCoordinator } from "../../../src/coordinator/group-coordinator.ts";
import { execute } from "../../../src/coordinator/stub.ts";
import { database, SHARD } from "./database.ts";

export type Lease = Pick<CompleteJob, "jobId" | "leaseId">;

const workspace = "faults";

export const stubOf = (group: string) => env.GROUP_COORDINATOR.getByName(group);
export const request = (groupId: string, command: Command, keyed: object = {}): CommandRequest => ({
  groupId,
  workspace,
  shard: SHARD,
  command,
  ...keyed,
});
export const send = <C extends Command>(groupId: string, command: C, keyed: object = {}) =>
  execute<C>(env, { ...request(groupId, command, keyed), command });

/** Hands commands to the object in one go: the first is a batch, the others are the next. */
export const inOneGo = (group: string, requests: CommandRequest[]) =>
  runInDurableObject(stubOf(group), (coordinator) =>
    Promise.allSettled(requests.map((each) => (coordinator as GroupCoordinator).execute(each))),
  );

export const newJob = { documentUrl: null, documentType: null, jobNumber: null, metadata: null };
export const adds = (count: number): AddJobs => ({
  kind: "add",
  jobs: Array.from({ length: count }, () => ({ documentName: "invoice.pdf", ...newJob })),
  idSuffix: randomHex(19),
});
export const claims = (maxJobs: number): ClaimJobs => ({
  kind: "claim",
  workerId: "w",
  maxJobs,
  leaseIds: Array.from({ length: maxJobs }, () => randomHex(32)),
});
export const NO_LEASE: Lease = { jobId: "", leaseId: "" };
export const ids = ({ jobId, leaseId }: Lease): Lease => ({ jobId, leaseId });
export const completes = (lease: Lease): CompleteJob => ({
  ...ids(lease),
  kind: "complete",
  pages: 2,
  costMicros: 100_000,
  currency: null,
  confidence: null,
  extractedData: '{"total":1}',
});

/** A released group of four jobs, as many of them leased as asked for. */
export async function newGroup(leased: number, input: Partial<GroupInput> = {}) {
  const id = randomHex(24);
  await send(id, { kind: "create", id, input: { ...GROUP_INPUT, ...input } });
  await send(id, adds(4));
  await send(id, { kind: "open" });
  return { id, leases: leased > 0 ? await leasesOf(send(id, claims(leased))) : [] };
}

export async function leasesOf(answer: Promise<Outcome<"claim">>) {
  const outcome = await answer;
  if (!outcome.ok) throw new Error(outcome.refusal.code);
  return outcome.reply.leases;
}

const COUNTED = `SELECT total_jobs AS totalJobs, pending_jobs AS pendingJobs, processing_jobs AS processingJobs,
  completed_jobs AS completedJobs, failed_jobs AS failedJobs, cancelled_jobs AS cancelledJobs,
  total_pages AS totalPages, total_cost_micros AS totalCostMicros, name FROM job_group WHERE id = ?1`;
const count = (states: string) => `count(*) FILTER (WHERE status IN (${states}))`;
const RECOUNTED = `SELECT count(*) AS totalJobs, ${count("'queued', 'processing'")} AS pendingJobs,
  ${count("'processing'")} AS processingJobs, ${count("'completed'")} AS completedJobs,
  ${count("'failed'")} AS failedJobs, ${count("'cancelled'")} AS cancelledJobs,
  coalesce(sum(pages), 0) AS totalPages, coalesce(sum(cost_micros), 0) AS totalCostMicros FROM job WHERE group_id = ?1`;

/** The group's stored counters, held against a recount of its jobs. */
export async function stored(group: string): Promise<unknown> {
  const counted = [COUNTED, RECOUNTED].map((query) => database.prepare(query).bind(group));
  const [row, recount] = await askDirectly(counted);
  expect(row?.results[0]).toMatchObject(recount?.results[0] ?? {});
  return row?.results[0];
}

export const failsForGood = (lease: Lease = NO_LEASE): FailJob => ({
  kind: "fail",
  ...ids(lease),
  error: "blurred",
  errorCode: "blurred",
  retryable: false,
  retryAfterSeconds: null,
  pages: 1,
  costMicros: 20_000,
  currency: null,
});
export const releases = (lease: Lease): ReleaseJob => ({
  kind: "release",
  ...ids(lease),
  retryAfterSeconds: 60,
  reason: "busy",
});

export async function announced(group: string): Promise<unknown[]> {
  const query = database.prepare("SELECT id FROM delivery WHERE group_id = ?").bind(group);
  return (await query.all<{ id: string }>()).results.map(({ id }) => id);
}

/** The outcomes in the histories of the group's jobs. */
export async function ends(group: string): Promise<unknown[]> {
  const query = database
    .prepare(
      `SELECT json_extract(entry.value, '$.outcome') AS outcome FROM job, json_each(job.history) AS entry
      WHERE group_id = ? ORDER BY job.id, entry.key`,
    )
    .bind(group);
  return (await query.all<{ outcome: string }>()).results.map(({ outcome }) => outcome);
}
