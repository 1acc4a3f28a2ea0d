const FIRST_MS = 5_000;
const LONGEST_MS = 300_000;

/**
 * Milliseconds to wait after the given failed attempt (1 is the first): 5 s, doubling, at most
 * 5 minutes, less up to a fifth as jitter so that jobs that failed together do not return together.
 *
 * @param leaseId the failed attempt's lease: random, so its last digits serve as the jitter
 */
export function backOffMs(attempt: number, leaseId: string): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  const jitter = Number.parseInt(leaseId.slice(-4), 16) / 0x10000;
  return Math.round(full * (1 - 0.2 * jitter));
}
