const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/**
 * Time before the next try after so many failed ones: doubling, with half of it left to chance, and never less than
 * the server's `Retry-After`.
 */
export function backOffMs(failures: number, retryAfter: string | null, random = Math.random()) {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.max(full * (0.5 + random / 2), retryAfterMs(retryAfter));
}

/** `Retry-After` is a number of seconds or a date. */
export function retryAfterMs(header: string | null, now = Date.now()): number {
  if (header === null) return 0;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}

/** Answers after which the same request may succeed. */
export const mayPass = (status: number): boolean =>
  status === 408 || status === 429 || status >= 500;
