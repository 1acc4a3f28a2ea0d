import type { ClaimFilter } from "../domain/claim-filter.ts";
import type { ClaimJobs } from "../domain/commands.ts";
import { LEASE_ID_LENGTH } from "../domain/ids.ts";
import { randomHex } from "../lib/hex.ts";

interface Wanted {
  readonly workerId: string;
  readonly maxJobs: number;
  readonly heartbeatSeconds?: number | undefined;
  readonly filter?: ClaimFilter;
}

/** A claim with a fresh lease id for each job it may lease. */
export const claimCommand = ({
  workerId,
  maxJobs,
  heartbeatSeconds,
  filter,
}: Wanted): ClaimJobs => ({
  kind: "claim",
  workerId,
  maxJobs,
  leaseIds: Array.from({ length: maxJobs }, () => randomHex(LEASE_ID_LENGTH)),
  ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
  ...(filter && { filter }),
});
