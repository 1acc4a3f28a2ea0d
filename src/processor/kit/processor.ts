import { EventEmitter } from "node:events";
import { attempt } from "./attempt.ts";
import { Calls } from "./calls.ts";
import { Claimer } from "./claimer.ts";
import { openDocument } from "./document.ts";
import { beatUntil } from "./heart.ts";
import { HeldLease } from "./held-lease.ts";
import { Refusal } from "./insist.ts";
import { type Settings, settingsOf } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import { report } from "./reporter.ts";
import type { Job, Lease, ProcessorEvents, ProcessorOptions } from "./types.ts";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
/** Two of three beats may be lost before the silence is too long. */
const BEATS_A_SILENCE = 3;
/** A stop waits so long for its releases. What is not released by then ends with its silence. */
const STOP_MS = 1_800;

/** Claims jobs, has them read, and reports the results until it is stopped. */
export class Processor extends EventEmitter<ProcessorEvents> {
  readonly #settings: Settings;
  readonly #calls: Calls;
  readonly #claimer: Claimer;
  readonly #held = new Set<HeldLease>();
  readonly #works = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  /** Aborts the calls of a stop that takes too long. */
  readonly #givingUp = new AbortController();
  #running: Promise<void> | undefined;
  #fault: unknown;

  constructor(options: ProcessorOptions) {
    super();
    this.#settings = settingsOf(options);
    const { url, apiKey } = this.#settings;
    this.#calls = new Calls(url, apiKey, (call, reason, waitMs) =>
      this.#tell("retrying", { call, reason, waitSeconds: waitMs / 1000 }),
    );
    this.#claimer = new Claimer(this.#settings, this.#calls, {
      stopping: this.#stopping.signal,
      onLease: (lease) => this.#begin(lease),
      onIdle: (reason) => this.#tell("idle", { reason }),
    });
  }

  /**
   * Works until it is stopped, or its one group has ended. Rejects when the API refuses the key or the claim: trying
   * again would be refused again.
   */
  run(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  /** Breaks off all readings and gives their jobs back. Resolves when that is done, within two seconds. */
  async stop(): Promise<void> {
    this.#stop();
    await this.#running?.catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { handleSignals, heartbeatSeconds } = this.#settings;
    const stop = () => this.#stop();
    if (handleSignals) for (const signal of SIGNALS) process.once(signal, stop);
    const resting = new AbortController();
    const everyMs = (heartbeatSeconds * 1000) / BEATS_A_SILENCE;
    const heart = beatUntil(resting.signal, everyMs, this.#held, this.#calls).catch(
      (error: unknown) => this.#fail(error),
    );
    try {
      await this.#claimer.claimUntilStopped().catch((error: unknown) => this.#fail(error));
      await this.#finishWorks();
      await this.#claimer.takeUp(this.#givingUp.signal);
      await this.#finishWorks();
    } finally {
      this.#stop();
      resting.abort();
      await heart;
      if (handleSignals) for (const signal of SIGNALS) process.off(signal, stop);
    }
    if (this.#fault !== undefined) throw this.#fault;
  }

  #stop(): void {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    for (const held of this.#held) held.stop();
    setTimeout(() => this.#givingUp.abort(), STOP_MS).unref();
  }

  #fail(error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    this.#fault = error;
    this.#stop();
  }

  async #finishWorks(): Promise<void> {
    while (this.#works.size > 0) await Promise.all(this.#works);
  }

  #begin(lease: Lease): void {
    const work = this.#work(lease, performance.now()).finally(() => {
      this.#works.delete(work);
      this.#claimer.free();
    });
    this.#works.add(work);
  }

  /** One job after the other, as long as reports bring the next. */
  async #work(first: Lease, claimedAt: number): Promise<void> {
    let next: Lease | undefined = first;
    while (next !== undefined) next = await this.#workOn(next, claimedAt);
  }

  /** Never rejects. Answers the lease that came with the report. */
  async #workOn(lease: Lease, claimedAt: number): Promise<Lease | undefined> {
    const held = new HeldLease(lease, this.#settings.readTimeoutSeconds);
    if (this.#stopping.signal.aborted) held.stop();
    this.#held.add(held);
    this.#tell("claimed", lease);
    const startedAt = performance.now();
    try {
      const outcome = await attempt(this.#settings.read, this.#jobOf(held), held);
      if (outcome !== undefined) return await this.#report(held, outcome, startedAt, claimedAt);
      this.#tell("lost", lease, { reason: messageOf(held.lost.reason) });
    } catch (error) {
      this.#tell("lost", lease, { reason: `its report failed: ${messageOf(error)}` });
      if (error instanceof Refusal) this.#fail(error);
    } finally {
      held.end();
      this.#held.delete(held);
    }
    return undefined;
  }

  #jobOf({ lease, reading, ended }: HeldLease): Job {
    const { url, apiKey } = this.#settings;
    const signal = AbortSignal.any([reading, ended]);
    return { ...lease, document: openDocument(lease, { url, apiKey, signal }) };
  }

  async #report(held: HeldLease, outcome: Outcome, startedAt: number, claimedAt: number) {
    const seconds = (performance.now() - startedAt) / 1000;
    held.report();
    if (outcome.kind === "release" && outcome.restSeconds > 0)
      this.#claimer.rest(outcome.restSeconds);
    const claimNext = this.#claimer.follows(claimedAt);
    const signal = this.#givingUp.signal;
    const reported = await report(this.#calls, held, outcome, { claimNext, signal });
    if (reported === undefined)
      this.#tell("lost", held.lease, { reason: messageOf(held.lost.reason) });
    else this.#tellOutcome(held.lease, reported.outcome, seconds);
    return reported?.next;
  }

  #tellOutcome(lease: Lease, { kind, body }: Outcome, seconds: number): void {
    if (kind === "release") return this.#tell("released", lease, body);
    if (kind === "fail") return this.#tell("failed", lease, { seconds, ...body });
    const { pages, cost } = body;
    const spent = { ...(pages !== undefined && { pages }), ...(cost !== undefined && { cost }) };
    this.#tell("completed", lease, { seconds, ...spent });
  }

  /** A listener that throws must not stop the work. */
  #tell<Name extends keyof ProcessorEvents>(name: Name, ...details: ProcessorEvents[Name]): void {
    try {
      (this as EventEmitter).emit(name, ...details);
    } catch (error) {
      process.emitWarning(`a listener of "${name}" threw: ${messageOf(error)}`);
    }
  }
}

/** A processor that works once it is `run`. Throws when an option cannot work. */
export const createProcessor = (options: ProcessorOptions): Processor => new Processor(options);

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
