import { createClient } from "ocr-invoice-job-groups/client";
import { insist, type Insistence } from "./insist.ts";
import type { Completion, Deferral, Failure } from "./outcome.ts";
import type { Client, Lease } from "./types.ts";

export interface Claim {
  workerId: string;
  maxJobs: number;
  heartbeatSeconds: number;
  templates?: string[];
  tags?: string[];
}

export interface Claimed {
  leases: Lease[];
  reason: string | undefined;
}

type OnRetry = (call: string, reason: string, waitMs: number) => void;

/** Beyond the wait of a claim. A server that has not answered by then is asked again. */
const TIMEOUT_MS = 30_000;

/** The calls of a processor. Each is repeated until it is answered for good, or its signal aborts. */
export class Calls {
  readonly #groups: Client["ocr-invoice-job-group"];
  readonly #onRetry: OnRetry;

  constructor(url: string, apiKey: string, onRetry: OnRetry) {
    this.#groups = createClient(url, apiKey)["ocr-invoice-job-group"];
    this.#onRetry = onRetry;
  }

  /** Claims of `groupId`, or over all groups. A repeat under the same `key` is answered the same leases. */
  async claim(
    groupId: string | undefined,
    { templates, tags, ...claim }: Claim,
    { key, waitSeconds, signal }: { key: string; waitSeconds: number; signal: AbortSignal },
  ): Promise<Claimed> {
    const header = { "Idempotency-Key": key };
    const json = { ...claim, waitSeconds };
    const filter = { ...(templates && { templates }), ...(tags && { tags }) };
    const timeoutMs = TIMEOUT_MS + waitSeconds * 1000;
    const how = { ...this.#insistence("claim", signal), timeoutMs };
    const { data, reason } = await (groupId === undefined
      ? insist(
          (one) =>
            this.#groups.jobs.claim.$post({ header, json: { ...json, ...filter } }, until(one)),
          how,
        )
      : insist(
          (one) =>
            this.#groups[":id"].jobs.claim.$post(
              { header, json, param: { id: groupId } },
              until(one),
            ),
          how,
        ));
    return { leases: data, reason };
  }

  async heartbeat(leases: readonly Lease[], signal: AbortSignal) {
    const held = leases.map(({ groupId, jobId, leaseId }) => ({ groupId, jobId, leaseId }));
    const { data } = await insist(
      (one) => this.#groups.jobs.heartbeat.$post({ json: { leases: held } }, until(one)),
      this.#insistence("heartbeat", signal),
    );
    return data;
  }

  /** Answers the group's next lease when `claimNext` got one. */
  async complete(
    lease: Lease,
    report: Completion & { claimNext: boolean },
    signal: AbortSignal,
  ): Promise<Lease | undefined> {
    const json = { leaseId: lease.leaseId, ...report };
    const { data } = await insist(
      (one) => this.#job.complete.$post({ param: paramOf(lease), json }, until(one)),
      this.#insistence("complete", signal),
    );
    return data.next?.lease;
  }

  async fail(lease: Lease, report: Failure, signal: AbortSignal): Promise<void> {
    const json = { leaseId: lease.leaseId, ...report };
    await insist(
      (one) => this.#job.fail.$post({ param: paramOf(lease), json }, until(one)),
      this.#insistence("fail", signal),
    );
  }

  async release(lease: Lease, report: Deferral, signal: AbortSignal): Promise<void> {
    const json = { leaseId: lease.leaseId, ...report };
    await insist(
      (one) => this.#job.release.$post({ param: paramOf(lease), json }, until(one)),
      this.#insistence("release", signal),
    );
  }

  get #job() {
    return this.#groups[":id"].jobs[":jobId"];
  }

  #insistence(call: string, signal: AbortSignal): Insistence {
    const onRetry: Insistence["onRetry"] = (reason, waitMs) => this.#onRetry(call, reason, waitMs);
    return { signal, timeoutMs: TIMEOUT_MS, onRetry };
  }
}

const until = (signal: AbortSignal) => ({ init: { signal } });

const paramOf = ({ groupId, jobId }: Lease) => ({ id: groupId, jobId });
