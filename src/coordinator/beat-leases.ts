import { inParallel } from "../lib/in-parallel.ts";
import { type CommandRequest, type Outcome, unavailable } from "./protocol.ts";
import { execute } from "./stub.ts";

/** Groups that are asked at the same time for one request. */
const MAX_ASKED_AT_ONCE = 16;

export interface HeldLease {
  readonly groupId: string;
  readonly jobId: string;
  readonly leaseId: string;
}

/** The end of each lease, in the request's order. `null` for a lease that is lost. */
type Beaten = { readonly ok: true; readonly leaseEnds: readonly (number | null)[] };

/**
 * Beats leases of one workspace, one command to each of their groups. A lease of a group that is gone is lost. When a
 * group cannot be reached, nobody knows of its leases: the whole call is `UNAVAILABLE`, because a beat may be repeated.
 */
export async function beatLeases(
  env: Env,
  { workspace, shard }: Pick<CommandRequest, "workspace" | "shard">,
  leases: readonly HeldLease[],
): Promise<Beaten | Extract<Outcome, { ok: false }>> {
  const groups = [...Map.groupBy(leases, ({ groupId }) => groupId)];
  const ends = new Map<HeldLease, number | null>();
  const outcomes = await inParallel(groups, MAX_ASKED_AT_ONCE, async ([groupId, ofGroup]) => {
    const command = {
      kind: "beat" as const,
      leases: ofGroup.map(({ jobId, leaseId }) => ({ jobId, leaseId })),
    };
    const outcome = await execute(env, { groupId, workspace, shard, command });
    for (const [index, lease] of ofGroup.entries()) {
      ends.set(lease, outcome.ok ? (outcome.reply.leaseEnds[index] ?? null) : null);
    }
    return outcome.ok || outcome.refusal.code === "GROUP_NOT_FOUND";
  });
  if (!outcomes.every(Boolean)) return unavailable;
  return { ok: true, leaseEnds: leases.map((lease) => ends.get(lease) ?? null) };
}
