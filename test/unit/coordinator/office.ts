import { vi } from "vitest";
import { CommandQueue } from "../../../src/coordinator/command-queue.ts";
import { PatientClaims } from "../../../src/coordinator/patient-claims.ts";
import type { CommandRequest, Idempotency, Outcome } from "../../../src/coordinator/protocol.ts";
import type { Command } from "../../../src/domain/commands.ts";
import type { ClaimReason, ClaimReply, Lease } from "../../../src/domain/replies.ts";

const request = (command: Command): CommandRequest => ({
  groupId: "g",
  workspace: "w",
  shard: 0,
  command,
});
const CLAIM = { kind: "claim", maxJobs: 1, leaseIds: [] } as const;
const answered = (reply: unknown): Outcome =>
  ({ ok: true, reply, replayed: false }) as Extract<Outcome, { ok: true }>;

/** A coordinator of a group that leases its jobs one by one; `erase` stands for any other change. */
export class Office {
  readonly batches: string[][] = [];
  reason: ClaimReason = "nothing_queued";
  places = 10;
  commitMs = 0;
  isStuck = false;
  #revision = 0;
  jobs = 0;
  at = 0;
  readonly #queue = new CommandQueue(
    (requests) => this.#commit(requests),
    () => undefined,
  );
  readonly #patient = new PatientClaims(this.#queue);

  claim(workerId: string, waitMs = 20_000, key?: string): Promise<ClaimReply> {
    const idempotency = key && { operation: "claim", keyHash: key, fingerprint: "" };
    const asked = { ...request({ ...CLAIM, workerId }), ...(idempotency && { idempotency }) };
    const outcome = this.#patient.execute(asked, { ticket: workerId, waitMs });
    return outcome.then((answer) =>
      answer.ok ? (answer.reply as ClaimReply) : Promise.reject(new Error(answer.refusal.code)),
    );
  }

  leave = (workerId: string) => this.#patient.leave(workerId);

  async change(jobs = 0): Promise<void> {
    this.jobs += jobs;
    await this.#queue.execute(request({ kind: "erase", jobId: "" }));
  }

  /** A batch that changes nothing. */
  look = () => this.#queue.execute(request({ kind: "expire" }));
  moveOn = () => void this.#revision++;

  async #commit(requests: readonly CommandRequest[]) {
    const [before, decidedAt] = [this.jobs, Date.now()];
    if (this.batches.length > 200) throw new Error("the same claims are decided for ever");
    this.batches.push(requests.map(({ command }) => nameOf(command)));
    const outcomes = requests.map((each) => this.#decide(each));
    const opening =
      this.reason === "finished"
        ? { places: Infinity, at: 0 }
        : this.jobs > 0
          ? { places: this.places, at: this.at }
          : null;
    const isErased = requests.some(({ command }) => command.kind === "erase");
    if (before !== this.jobs || isErased) this.#revision++;
    const after = { revision: String(this.#revision), opening, decidedAt };
    if (this.commitMs > 0) await new Promise((resolve) => setTimeout(resolve, this.commitMs));
    return { kind: "answered" as const, outcomes, after };
  }

  readonly #receipts = new Map<string, Lease[]>();

  #decide({ command, idempotency }: CommandRequest & { idempotency?: Idempotency }): Outcome {
    if (command.kind === "release") this.jobs++;
    if (command.kind !== "claim") return answered(null);
    const known = this.#receipts.get(idempotency?.keyHash ?? "");
    const grants = this.jobs > 0 && this.at <= Date.now() && !this.isStuck;
    if (known === undefined && !grants) {
      return answered({ leases: [], reason: this.reason, retryAt: null });
    }
    const leases = known ?? [{ jobId: String(this.jobs--), leaseId: "" } as Lease];
    if (idempotency) this.#receipts.set(idempotency.keyHash, leases);
    return answered({ leases, reason: null, retryAt: null });
  }
}

const nameOf = (command: Command): string =>
  command.kind === "claim" ? command.workerId : command.kind;

/** Lets everything happen that needs no time. */
export const settle = () => vi.advanceTimersByTimeAsync(0);

/** Notes in which order claims are answered, and with how many leases. */
export function noted(claims: Record<string, Promise<ClaimReply>>): string[] {
  const answers: string[] = [];
  for (const [name, claim] of Object.entries(claims)) {
    void claim.then(({ leases }) => answers.push(`${name}:${leases.length}`));
  }
  return answers;
}
