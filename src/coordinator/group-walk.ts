import type { Lease } from "../domain/replies.ts";
import { connect } from "../store/db.ts";
import { databaseAt } from "../store/shards.ts";
import { type Candidate, type Line, readClaimableGroups } from "../store/read/claimable.ts";
import { claimCommand } from "./claim-command.ts";
import type { ClaimAny } from "./protocol.ts";
import { execute } from "./stub.ts";

/** A claim that meets so many groups without work, or out of reach, gives up. */
const MAX_MISSES = 12;
/** A claim asks no further group after this time: a repeat may take its Idempotency-Key over some time later. */
const MAX_WALK_MS = 15_000;
/** Groups read ahead. After a miss others are claiming too: more are read, to spread over. */
const [FEW, MANY] = [10, 100];

/**
 * The walk of one claim over the groups of a workspace, in the order of priority and age. A group that has nothing
 * left tells that other processors are claiming at the same time. From then on the walk takes a random group among
 * those of the best priority, so that many processors do not queue at the same group.
 */
export class GroupWalk {
  readonly leases: Lease[] = [];
  bookmark: string | null = null;
  /** Groups that have answered, with leases or without. */
  answered = 0;
  /** Groups that could not be reached or could not commit. They are passed over. */
  unreachable = 0;
  #misses = 0;
  readonly #asked = new Set<string>();
  readonly #env: Env;
  readonly #claim: ClaimAny;
  readonly #line: Line;

  constructor(env: Env, claim: ClaimAny, line: Line) {
    this.#env = env;
    this.#claim = claim;
    this.#line = line;
  }

  /** Asks groups until enough is leased, no group has work, or too many had none. */
  async run(): Promise<void> {
    const until = Date.now() + MAX_WALK_MS;
    while (this.#misses < MAX_MISSES && Date.now() < until) {
      const candidates = await this.#candidates();
      if (candidates.length === 0) return;
      const misses = this.#misses;
      for (const { id } of candidates) {
        await this.#ask(id);
        if (this.leases.length >= this.#claim.maxJobs) return;
        // The candidates are out of date once a group had nothing left.
        if (this.#misses > misses || Date.now() >= until) break;
      }
    }
  }

  async #candidates(): Promise<Candidate[]> {
    const limit = this.#asked.size + (this.#misses === 0 ? FEW : MANY);
    const db = connect(databaseAt(this.#env, this.#claim.shard));
    const found = await readClaimableGroups(db, this.#line, limit, Date.now());
    const left = found.filter(({ id }) => !this.#asked.has(id));
    return this.#misses === 0 ? left : shuffledWithinRank(left);
  }

  async #ask(groupId: string): Promise<void> {
    const { workspace, shard, maxJobs, idempotency } = this.#claim;
    const command = claimCommand({ ...this.#claim, maxJobs: maxJobs - this.leases.length });
    const position = this.#asked.size;
    this.#asked.add(groupId);
    const key = idempotency && { idempotency: { ...idempotency, position } };
    const outcome = await execute(this.#env, { groupId, workspace, shard, command, ...key }).catch(
      (error: unknown) => {
        console.error("group passed over", groupId, error);
        return null;
      },
    );
    if (outcome?.ok) {
      this.answered++;
      this.leases.push(...outcome.reply.leases);
      this.bookmark = outcome.bookmark ?? this.bookmark;
      if (outcome.reply.leases.length > 0) return;
    } else if (outcome?.refusal.code !== "GROUP_NOT_FOUND") {
      this.unreachable++;
    }
    this.#misses++;
  }
}

/** Keeps the order of the priorities, and shuffles the groups of each. */
function shuffledWithinRank(candidates: readonly Candidate[]): Candidate[] {
  const drawn = candidates.map((candidate) => ({ candidate, lot: Math.random() }));
  return drawn
    .toSorted((a, b) => a.candidate.rank - b.candidate.rank || a.lot - b.lot)
    .map(({ candidate }) => candidate);
}
