import { vi } from "vitest";
import { CommandQueue } from "../../../src/coordinator/command-queue.ts";
import { GroupWriter } from "../../../src/coordinator/group-writer.ts";
import type { Outcome } from "../../../src/coordinator/protocol.ts";
import type { Command, RetryChoice } from "../../../src/domain/commands.ts";
import type { Lease } from "../../../src/domain/replies.ts";
import { SWEPT_AT_ONCE } from "../../../src/domain/sweep.ts";
import { randomHex } from "../../../src/lib/hex.ts";
import { recount } from "../../crash/recount.ts";
import { GROUP_INPUT } from "../../support/group-input.ts";
import { NodeD1 } from "../../support/node-d1.ts";
import { adds } from "../moves/world.ts";

const WORKSPACE = "acme";
const JOBS_AN_ADD = 1_000;
/** A statement that changes all jobs which a condition means. */
const SWEEP = /^UPDATE job (INDEXED BY job_failed )?SET status/;

export interface Server {
  readonly send: (command: Command, key?: string) => Promise<Outcome>;
  readonly alarms: number[];
}

/** One group in a database that is recounted after every batch, whoever has sent it. */
export class World {
  readonly d1 = new NodeD1().migrate();
  readonly groupId = randomHex(24);
  /** The counters that were unlike the rows, at any time. */
  readonly unlike: unknown[] = [];
  /** Rows that each sweep has changed. */
  readonly swept: number[] = [];
  /** Batches until the servers are killed. */
  left = Number.POSITIVE_INFINITY;
  diesBefore = false;

  /** As an object of its own: it has its queue and its memory. */
  server(): Server {
    const alarms: number[] = [];
    const alarm = {
      arm: async (_: unknown, at: number) => void alarms.push(at),
      forget: async () => {},
    };
    const writer = new GroupWriter({ DB: this.#mortal() } as unknown as Env, alarm, () => {});
    const queue = new CommandQueue(
      (requests) => writer.write(requests),
      () => {},
    );
    const send = (command: Command, key = "") => {
      const workspace = command.kind === "expire" ? "" : WORKSPACE;
      const idempotency = { operation: command.kind, keyHash: key, fingerprint: "f" };
      const request = { groupId: this.groupId, workspace, shard: 0, command };
      return queue.execute({ ...request, ...(key !== "" && { idempotency }) });
    };
    return { send, alarms };
  }

  /** Dies once no batch is left, before that batch or after it. */
  #mortal(): D1Database {
    const { d1 } = this.d1;
    const batch = async (statements: D1PreparedStatement[]) => {
      if (--this.left < -1) throw new Error("killed");
      if (this.left === -1 && this.diesBefore) throw new Error("killed");
      const results = await d1.batch(statements);
      this.look(results);
      if (this.left === -1) throw new Error("killed");
      return results;
    };
    const mortal = { prepare: d1.prepare.bind(d1), batch };
    return { ...mortal, withSession: () => ({ ...mortal, getBookmark: () => null }) } as never;
  }

  look(results: readonly D1Result[]): void {
    for (const [index, { text }] of this.d1.ran.entries()) {
      if (SWEEP.test(text)) this.swept.push(results[index]?.meta.changes ?? 0);
    }
    this.unlike.push(...recount(this.d1.sqlite).unlike.map(({ found }) => found));
  }

  /** Fills the group with waiting jobs, of which three are leased. */
  async fill(jobs: number): Promise<Lease[]> {
    const { send } = this.server();
    await send({ kind: "create", id: this.groupId, input: { ...GROUP_INPUT, parallelJobs: 10 } });
    for (let added = 0; added < jobs; added += JOBS_AN_ADD)
      await send(adds(Math.min(JOBS_AN_ADD, jobs - added)));
    await send({ kind: "open" });
    this.d1.sqlite.exec(
      `INSERT INTO webhook (id, workspace, url, events, secret, created_at)
        VALUES ('w', '${WORKSPACE}', 'https://a.example', '["job_group.cancelled"]', 's', 1)`,
    );
    return this.claim();
  }

  async claim({ send } = this.server()): Promise<Lease[]> {
    const leaseIds = [1, 2, 3].map(() => randomHex(32));
    const claimed = await send({ kind: "claim", workerId: "w", maxJobs: 3, leaseIds });
    return claimed.ok ? (claimed as Extract<Outcome<"claim">, { ok: true }>).reply.leases : [];
  }

  /** Lets every job have failed for good, as `error`, with so many bytes of a result from an earlier run. */
  fail(bytes = 0): void {
    this.d1.sqlite.exec(
      `UPDATE job SET status = 'failed', attempts = 1, available_at = NULL, error = 'bad', error_code = 'bad',
        lease_outcome = 'failed', lease_expires_at = NULL, completed_at = 9, extracted_data = zeroblob(${bytes});
      UPDATE job_group SET status = 'failed', failed_jobs = total_jobs, pending_jobs = 0, processing_jobs = 0,
        fresh_from = total_jobs, leased_jobs = '[]', due_at = NULL, completed_at = 9`,
    );
  }

  all = (query: string) =>
    this.d1.sqlite
      .prepare(query)
      .all()
      .map((row) => ({ ...row }));
}

export const JOBS = 2 * SWEPT_AT_ONCE.jobs + 100;
export const FAILED: RetryChoice = { statuses: ["failed"], jobIds: null, errorCodes: null };
export const RETRY = { kind: "retry", choice: null, dryRun: false } as const;
export const CANCEL = { kind: "cancel" } as const;
export const KEY = "k";

export const failedWorld = async (jobs = JOBS, bytes = 0) => {
  const world = new World();
  await world.fill(jobs);
  world.fail(bytes);
  return world;
};
export const statuses = (world: World) =>
  world.all("SELECT status, count(*) AS jobs FROM job GROUP BY status ORDER BY status");
export const changes = (world: World) =>
  world.all("SELECT updated_at, count(*) AS jobs FROM job GROUP BY updated_at");
export const notices = (world: World) =>
  world.all("SELECT event, count(*) AS notices FROM delivery GROUP BY event");
export const QUEUED = [{ status: "queued", jobs: JOBS }];
export const CANCELLED = [{ status: "cancelled", jobs: JOBS }];
export const TOLD = [{ event: "job_group.cancelled", notices: 1 }];

/** Each attempt that a retry has put an end to stands in the history of its job. */
export const histories = (world: World) =>
  world.all("SELECT json_array_length(history) AS attempts, count(*) AS jobs FROM job GROUP BY 1");

/** For `beforeEach`: rests and repeats wait for nothing, and failures that are meant are not printed. */
export function withoutWaits(): () => void {
  vi.stubGlobal("scheduler", { wait: () => Promise.resolve() });
  vi.spyOn(console, "error").mockReturnValue();
  return () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  };
}
