const FIRST_MS = 5_000;
const LONGEST_MS = 300_000;

/**
 * Milliseconds to wait after a failed attempt: 5 s after the first, doubled after each further one, at most
 * 5 minutes. Up to a fifth is taken off as jitter, so that jobs that failed together do not return together.
 *
 * @param attempt 1 for the first
 * @param leaseId the lease of the failed attempt; it is random, so its last digits serve as the jitter
 */
export function backOffMs(attempt: number, leaseId: string): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  const jitter = Number.parseInt(leaseId.slice(-4), 16) / 0x10000;
  return Math.round(full * (1 - 0.2 * jitter));
}
