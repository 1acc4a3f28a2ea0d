import type { Mutant } from "./mutant.ts";

const outcomes = "test/unit/kit/outcome.test.ts";
const insisting = "test/unit/kit/insist.test.ts";
const readings = "test/kit/readings.test.ts";
const faults = "test/kit/faults.test.ts";

export const kitMutants: readonly Mutant[] = [
  {
    name: "kit: what is unreadable is tried again",
    file: "src/processor/kit/outcome.ts",
    find: "!(thrown instanceof Unreadable)",
    replace: "true",
    killedBy: { file: outcomes, test: "Unreadable with a code" },
  },
  {
    name: "kit: costs are reported as they drifted",
    file: "src/processor/kit/outcome.ts",
    find: "Math.round(cost * 1e6) / 1e6",
    replace: "cost",
    killedBy: { file: outcomes, test: "a cost that drifted" },
  },
  {
    name: "kit: a document that waits holds up the others",
    file: "src/processor/kit/outcome.ts",
    find: 'thrown.scope === "engine" ? retryAfterSeconds : 0',
    replace: "retryAfterSeconds",
    killedBy: { file: outcomes, test: "a throttled engine rests" },
  },
  {
    name: "kit: Retry-After is not heeded",
    file: "src/processor/kit/back-off.ts",
    find: "retryAfterMs(retryAfter))",
    replace: "0)",
    killedBy: { file: insisting, test: "the wait doubles" },
  },
  {
    name: "kit: 503 is taken for a refusal",
    file: "src/processor/kit/back-off.ts",
    find: "status >= 500",
    replace: "status > 503",
    killedBy: { file: insisting, test: "a claim is repeated under the same key" },
  },
  {
    name: "kit: a throttled engine is given new work",
    file: "src/processor/kit/claimer.ts",
    find: "Math.max(this.#restsUntil, performance.now() + seconds * 1000)",
    replace: "0",
    killedBy: { file: readings, test: "Throttled gives the job back" },
  },
  {
    name: "kit: a reader that hangs is waited for",
    file: "src/processor/kit/attempt.ts",
    find: "Promise.race([readSafely(read, job, reading), aborted])",
    replace: "Promise.any([readSafely(read, job, reading), aborted])",
    killedBy: { file: readings, test: "a reader that hangs" },
  },
  {
    name: "kit: a refused result is tried again",
    file: "src/processor/kit/reporter.ts",
    find: 'failure("result_refused", message, false)',
    replace: 'failure("result_refused", message)',
    killedBy: { file: readings, test: "fails its job once, with a reason" },
  },
  {
    name: "kit: a stop keeps what is held",
    file: "src/processor/kit/processor.ts",
    find: "for (const held of this.#held) held.stop();",
    replace: "",
    killedBy: { file: faults, test: "SIGTERM ends a processor in two seconds" },
  },
  {
    name: "kit: a stop leaves its claim behind",
    file: "src/processor/kit/claimer.ts",
    find: "if (this.#open === undefined) return;",
    replace: "return;",
    killedBy: { file: faults, test: "stopped before it hears of its leases" },
  },
  {
    name: "kit: leases are held for ever without the server",
    file: "src/processor/kit/held-lease.ts",
    find: 'this.lose("its time is over")',
    replace: "undefined",
    killedBy: { file: faults, test: "a processor whose server is away" },
  },
];
