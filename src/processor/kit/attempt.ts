import { ReadTimeout, Stopped, type HeldLease } from "./held-lease.ts";
import { failure, outcomeOfError, outcomeOfResult, release, type Outcome } from "./outcome.ts";
import type { Job, Read } from "./types.ts";

/**
 * Runs the reader once. It answers as soon as the result is of no use any more, even when the reader goes on:
 * what that still returns or throws is dropped. `undefined` when the lease is lost.
 */
export async function attempt(read: Read, job: Job, held: HeldLease): Promise<Outcome | undefined> {
  const { reading } = held;
  const aborted = new Promise<never>((_, reject) => {
    reading.addEventListener("abort", () => reject(reading.reason), { once: true });
  });
  try {
    const result = await Promise.race([readSafely(read, job, reading), aborted]);
    return outcomeOfResult(result);
  } catch (error) {
    return reading.aborted ? outcomeOfAbort(reading.reason) : outcomeOfError(error);
  }
}

/** A reader may throw before it returns its promise. */
async function readSafely(read: Read, job: Job, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  return read(job, { signal });
}

function outcomeOfAbort(reason: unknown): Outcome | undefined {
  if (reason instanceof Stopped) return release(reason.message);
  return reason instanceof ReadTimeout ? failure("reader_timed_out", reason.message) : undefined;
}
