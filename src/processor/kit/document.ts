import { setTimeout as sleep } from "node:timers/promises";
import { Throttled, Unreadable } from "../errors.ts";
import { backOffMs, mayPass, retryAfterMs } from "./back-off.ts";
import type { Lease } from "./types.ts";

export interface DocumentSource {
  url: string;
  apiKey: string;
  signal: AbortSignal;
}

const TRIES = 4;
const GONE = new Set([404, 410]);

/** Another attempt may find the document. */
class Unavailable extends Error {
  override readonly name = "Unavailable";
  readonly errorCode = "document_unavailable";
}

/**
 * The bytes of a lease's document. They come from its `documentUrl`; without one from the API itself, with the key.
 * Nothing is fetched before the first read.
 */
export function openDocument(lease: Lease, source: DocumentSource): ReadableStream<Uint8Array> {
  let bytes: ReadableStreamDefaultReader<Uint8Array> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        bytes ??= (await fetchPatiently(lease, source)).getReader();
        const { done, value } = await bytes.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        await bytes?.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** A host that is down or busy is asked a few times. */
async function fetchPatiently(lease: Lease, source: DocumentSource) {
  const { url, headers } = addressOf(lease, source);
  const { signal } = source;
  for (let failures = 1; ; failures += 1) {
    const answer = await fetch(url, { headers, signal }).catch(unavailable);
    signal.throwIfAborted();
    const isError = answer instanceof Error;
    if (!isError && answer.ok) return answer.body ?? new Blob([]).stream();
    if (!isError) await answer.body?.cancel();
    if (failures === TRIES || !(isError || mayPass(answer.status)))
      throw isError ? answer : faultOf(answer);
    const retryAfter = isError ? null : answer.headers.get("Retry-After");
    await sleep(backOffMs(failures, retryAfter), undefined, { signal });
  }
}

/** The key goes to the API alone. */
function addressOf({ documentUrl, groupId, jobId }: Lease, { url, apiKey }: DocumentSource) {
  if (documentUrl === undefined)
    return {
      url: `${url}/ocr-invoice-job-group/${groupId}/jobs/${jobId}/document`,
      headers: { "api-key": apiKey },
    };
  if (!/^https?:/i.test(documentUrl))
    throw new Unreadable({
      errorCode: "unsupported_url",
      message: "the document's URL is not one of http or https",
    });
  return { url: documentUrl, headers: {} };
}

function unavailable(error: unknown): Unavailable {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  return new Unavailable(`the document cannot be fetched: ${String(cause)}`, { cause });
}

function faultOf({ status, headers }: Response): Error {
  if (GONE.has(status))
    return new Unreadable({
      errorCode: "document_not_found",
      message: `the document's address answers ${status}`,
    });
  if (status !== 429) return new Unavailable(`the document's address answers ${status}`);
  const retryAfterSeconds = Math.ceil(retryAfterMs(headers.get("Retry-After")) / 1000);
  const reason = "the document's host answers 429";
  return new Throttled({ retryAfterSeconds, reason, scope: "document" });
}
