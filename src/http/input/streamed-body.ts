import type { AppContext } from "../app-types.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { discard } from "./drain-body.ts";
import { assertUncompressed, declaredLength } from "./limits.ts";

const MIB = 1024 * 1024;
/** A client reads no answer while it is still sending. So much of a refused body is taken and thrown away for it. */
const DRAINED_MIB = 128;
const DRAIN_MS = 30_000;
/** The network brings a few KiB at a time, and each piece costs a turn of everything that takes it. */
const PIECE_BYTES = 128 * 1024;

/**
 * Hands the body over as it arrives, and refuses it when it is longer. The rest of a body that is refused, here or by
 * `read`, is taken and thrown away. A piece is overwritten by the next one.
 */
export async function streamBody<Result>(
  c: AppContext,
  maxMib: number,
  read: (pieces: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result> {
  assertUncompressed(c);
  const { body } = c.req.raw;
  const reader = (body ?? new Blob().stream()).getReader({ mode: "byob" });
  try {
    if ((declaredLength(c.req.raw) ?? 0) > maxMib * MIB) throw tooLarge(maxMib);
    return await read(piecesOf(reader, maxMib));
  } catch (error) {
    reader.releaseLock();
    if (body !== null) await discard(body.getReader(), DRAINED_MIB * MIB, DRAIN_MS);
    throw error;
  }
}

async function* piecesOf(
  reader: ReadableStreamBYOBReader,
  maxMib: number,
): AsyncIterable<Uint8Array> {
  // One buffer serves all pieces. With new ones an isolate of few uploads holds 64 MiB of garbage before it is collected.
  let buffer = new ArrayBuffer(PIECE_BYTES);
  for (let bytes = 0; ;) {
    const { done, value } = await reader.readAtLeast(PIECE_BYTES, new Uint8Array(buffer));
    if (value === undefined) return;
    bytes += value.length;
    if (bytes > maxMib * MIB) throw tooLarge(maxMib);
    if (value.length > 0) yield value;
    if (done) return;
    buffer = value.buffer;
  }
}

const tooLarge = (mib: number) =>
  new ProblemError("BODY_TOO_LARGE", `The body must have at most ${mib} MiB.`);
