import { createParser, type EventSourceMessage } from "eventsource-parser";
import { connection, isAbort } from "./client.ts";
import { Unreachable } from "./refusal.ts";

/** The server breaks its silence with a comment every 15 seconds. */
const LONGEST_SILENCE_MS = 40_000;

/**
 * Hands on the events of a stream until it ends. Throws Unreachable when it breaks off, or falls silent as a
 * connection does whose other end is gone.
 */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: EventSourceMessage) => void,
): Promise<void> {
  const parser = createParser({ onEvent });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let isSilent = false;
  const giveUp = () => {
    isSilent = true;
    void reader.cancel();
  };
  for (;;) {
    const timer = setTimeout(giveUp, LONGEST_SILENCE_MS);
    const piece = reader.read().finally(() => clearTimeout(timer));
    const { done, value } = await piece.catch(broken);
    if (isSilent) broken(new Error("no event and no comment"));
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
  }
}

function broken(error: unknown): never {
  if (isAbort(error)) throw error;
  connection.value = "lost";
  throw new Unreachable(error);
}
