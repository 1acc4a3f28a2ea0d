import { setTimeout as sleep } from "node:timers/promises";
import { backOffMs, mayPass } from "./back-off.ts";

/** The parts of a client's answer that are looked at. */
export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  json(): Promise<unknown>;
}

/** The body of an answer when the request succeeded. */
type Success<A extends Answer> = A extends { json(): Promise<infer Body> }
  ? Extract<Body, { success: true }>
  : never;

const FIRST_REFUSAL = 400;

/** A refusal that would be the same again. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
  }
}

export interface Insistence {
  /** Ends the tries: `insist` then rejects with its reason. */
  signal: AbortSignal;
  /** Time after which a silent server is asked again. */
  timeoutMs: number;
  onRetry: (reason: string, waitMs: number) => void;
}

/**
 * Sends a request until it is answered for good. A lost connection, a silence, 429 and 5xx are tried again. The
 * request must be one that can be repeated: a report under its lease, or a claim under its Idempotency-Key.
 */
export async function insist<A extends Answer>(
  send: (signal: AbortSignal) => Promise<A>,
  { signal, timeoutMs, onRetry }: Insistence,
): Promise<Success<A>> {
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted();
    let retryAfter: string | null = null;
    let reason: string;
    try {
      const answer = await send(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
      retryAfter = answer.headers.get("Retry-After");
      if (!mayPass(answer.status)) return await bodyOf(answer);
      reason = `answer ${answer.status}`;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Refusal) throw error;
      reason = reasonOf(error);
    }
    const waitMs = backOffMs(failures, retryAfter);
    onRetry(reason, waitMs);
    await sleep(waitMs, undefined, { signal });
  }
}

async function bodyOf<A extends Answer>(answer: A): Promise<Success<A>> {
  const body = (await answer.json().catch((error: unknown) => {
    if (answer.status < FIRST_REFUSAL) throw error;
    return { success: false, error: `what answers ${answer.status} is not the API` };
  })) as { success: boolean; code?: string; error?: string };
  if (!body.success)
    throw new Refusal(answer.status, body.code ?? "UNKNOWN", body.error ?? "refused");
  return body as unknown as Success<A>;
}

/** fetch hides the reason of a lost connection in `cause`. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message : String(inner);
}
