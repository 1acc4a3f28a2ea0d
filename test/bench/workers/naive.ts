import { DurableObject } from "cloudflare:workers";
import { keyText, sequenceText } from "../../../src/store/job-keys.ts";

/**
 * Claim and complete as one would first write them: one object a group that takes one command after the
 * other, each its own D1 batch, the strongest form of which needs no read before it.
 */
export class GroupCoordinator extends DurableObject<Env> {
  #last: Promise<unknown> = Promise.resolve();

  execute(group: string, job: string | undefined, body: Body, inSession: boolean): Promise<object> {
    const { DB } = this.env;
    const db = inSession ? DB.withSession("first-primary") : DB;
    const answer = this.#last.then(() =>
      job === undefined ? this.#claim(db, group, body) : this.#complete(db, group, job, body),
    );
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #claim(db: Store, group: string, { workerId }: Body): Promise<object> {
    const leaseId = crypto.randomUUID();
    const now = Date.now();
    const [leased] = await db.batch([
      db.prepare(CLAIM).bind(group, workerId, leaseId, now, now + 1_800_000),
      db.prepare(CLAIMED).bind(group, now),
    ]);
    return (leased?.results ?? []).map((row) => ({ ...(row as object), groupId: group, leaseId }));
  }

  async #complete(db: Store, group: string, job: string, { leaseId }: Body): Promise<object> {
    const now = Date.now();
    const [done, counters] = await db.batch([
      db.prepare(COMPLETE).bind(group, job, leaseId, now),
      db.prepare(COMPLETED).bind(group, now),
    ]);
    const outcome = done?.results.length === 1 ? "applied" : "duplicate";
    return { jobId: job, outcome, group: counters?.results[0] };
  }
}

type Store = Pick<D1Database, "prepare" | "batch">;

interface Body {
  readonly workerId?: string;
  readonly leaseId?: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, , group = "", , job] = pathname.split("/");
    const stub = env.GROUP_COORDINATOR.getByName(group) as unknown as GroupCoordinator;
    const claiming = job === "claim";
    const named = claiming ? undefined : job;
    const inSession = searchParams.has("session");
    const data = await stub.execute(group, named, await request.json<Body>(), inSession);
    return Response.json({ success: true, data });
  },
};

const KEY = keyText("(SELECT rowid FROM job_group WHERE id = ?1)", sequenceText("?2"));
const CLAIM = `UPDATE job SET status = 'processing', attempts = attempts + 1, worker_id = ?2, lease_id = ?3,
    leased_at = ?4, lease_expires_at = ?5, updated_at = ?4
  WHERE key = (SELECT key FROM job INDEXED BY naive_queue
      WHERE group_id = ?1 AND status = 'queued' ORDER BY id LIMIT 1)
    AND (SELECT processing_jobs < parallel_jobs FROM job_group WHERE id = ?1)
  RETURNING id AS jobId, document_name AS documentName`;
const CLAIMED = `UPDATE job_group SET processing_jobs = processing_jobs + 1, updated_at = ?2
  WHERE id = ?1 AND changes() = 1`;
const COMPLETE = `UPDATE job SET status = 'completed', lease_outcome = 'completed', lease_expires_at = NULL,
    completed_at = ?4, updated_at = ?4
  WHERE key = ${KEY} AND id = ?2 AND lease_id = ?3 AND status = 'processing' RETURNING id`;
const COMPLETED = `UPDATE job_group SET processing_jobs = processing_jobs - 1, pending_jobs = pending_jobs - 1,
    completed_jobs = completed_jobs + 1, updated_at = ?2
  WHERE id = ?1 AND changes() = 1
  RETURNING total_jobs AS totalJobs, pending_jobs AS pendingJobs, completed_jobs AS completedJobs`;
