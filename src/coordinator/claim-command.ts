import type { ClaimFilter } from "../domain/claim-filter.ts";
import { LEASE_ID_LENGTH } from "../domain/ids.ts";
import { randomHex } from "../lib/hex.ts";

/** A claim with a fresh lease id for each job it may lease. */
export const claimCommand = (workerId: string, maxJobs: number, filter?: ClaimFilter) => ({
  kind: "claim" as const,
  workerId,
  maxJobs,
  leaseIds: Array.from({ length: maxJobs }, () => randomHex(LEASE_ID_LENGTH)),
  ...(filter && { filter }),
});
