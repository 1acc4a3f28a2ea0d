import type { Caller } from "../../coordinator/claim-patiently.ts";
import type { CommandRequest, Outcome } from "../../coordinator/protocol.ts";
import { leaveNothing } from "../../coordinator/stub.ts";
import type { AppContext } from "../../http/app-types.ts";
import { envelope, ok } from "../../http/shapes/envelope.ts";
import { replyOf } from "../send-command.ts";
import { presentClaim } from "./present.ts";

/** Time between two bytes of an answer that is held back. */
const BYTE_EVERY_MS = 1_000;
/** Bytes that are sent before leases are, and the time that the other end has to refuse each of them. */
const [PROBES, PROBE_MS] = [2, 5];

const ENCODER = new TextEncoder();
/** White space before a JSON document means nothing. */
const BYTE = ENCODER.encode("\n");

interface Claim {
  readonly request: Pick<CommandRequest, "workspace" | "shard" | "idempotency">;
  readonly waitSeconds: number;
  /** Claims once. */
  readonly look: () => Promise<Outcome<"claim">>;
  /** Claims until something is leased, the wait is over or the caller has hung up. */
  readonly wait: (caller: Caller) => Promise<Outcome<"claim">>;
}

/**
 * Answers a claim. The first look decides status and headers. When it finds nothing and the caller waits, the answer
 * begins at once, and holds back its body.
 */
export async function answerPatiently(c: AppContext, claim: Claim) {
  const until = Date.now() + claim.waitSeconds * 1_000;
  const reply = replyOf(c, await claim.look());
  const isOver = reply.leases.length > 0 || reply.reason === "finished";
  return claim.waitSeconds === 0 || isOver
    ? ok(c, await presentClaim(c, reply))
    : held(c, claim, until);
}

/**
 * The answer of a claim that waits. A byte is sent each second, because a connection that was closed in silence shows
 * it only when something is sent: its end answers with a reset, which aborts the signal. The work runs to its end
 * under `waitUntil`, so that leases granted to nobody are given back.
 */
function held(c: AppContext, { request, wait }: Claim, until: number) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const gone = new AbortController();
  const signal = AbortSignal.any([c.req.raw.signal, gone.signal]);
  signal.addEventListener("abort", () => void writer.abort(signal.reason).catch(() => undefined));
  const send = (bytes: Uint8Array) => writer.write(bytes).catch(() => gone.abort());
  const timer = setInterval(() => void send(BYTE), BYTE_EVERY_MS);
  const handOut = async (outcome: Outcome<"claim">) => {
    if (signal.aborted) return;
    if (!outcome.ok) throw new Error(`a waiting claim was refused: ${outcome.refusal.code}`);
    const text = JSON.stringify(envelope(await presentClaim(c, outcome.reply)));
    for (let n = 0; n < PROBES && outcome.reply.leases.length > 0; n++) {
      void send(BYTE);
      await scheduler.wait(PROBE_MS);
    }
    if (signal.aborted) return;
    await send(ENCODER.encode(text));
    await writer.close().catch(() => gone.abort());
  };
  // Status and headers are sent: a fault can only break the answer off. A repeat is told of it.
  const breakOff = (error: unknown) => {
    console.error(error);
    gone.abort(error);
  };
  const answer = async () => {
    void send(BYTE);
    const waitMs = Math.max(0, until - Date.now());
    const outcome = await wait({ waitMs, signal }).finally(() => clearInterval(timer));
    await handOut(outcome).catch(breakOff);
    if (signal.aborted) await leaveNothing(c.env, request, outcome);
  };
  c.executionCtx.waitUntil(answer().catch(breakOff));
  c.set("bookmark", () => null);
  return c.body(readable, 200, HEADERS) as never;
}

const HEADERS = {
  "Content-Type": "application/json",
  "Cache-Control": "private, no-cache, no-transform",
  "X-Accel-Buffering": "no",
};
