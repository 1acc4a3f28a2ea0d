import type { Mutant } from "./mutant.ts";

const SERVER = "test/server/waiting.test.ts";
const DEFERRAL = "test/unit/domain/deferral.test.ts";
const UNIT = "test/unit/coordinator/claim-waiters.test.ts";

export const waitingMutants: readonly Mutant[] = [
  {
    name: "a waiter is given a lease after it left",
    file: "src/coordinator/claim-waiters.ts",
    find: "this.#take(({ wait }) => wait?.hasLeft === true)",
    replace: "[]",
    killedBy: { file: UNIT, test: "who hangs up while it waits" },
  },
  {
    name: "a lease granted while its waiter left is kept for nobody",
    file: "src/coordinator/patient-claims.ts",
    find: "if (wait.hasLeft) await",
    replace: "if (false) await",
    killedBy: { file: UNIT, test: "given back, and goes to the next" },
  },
  {
    name: "a waiter is passed over",
    file: "src/coordinator/claim-waiters.ts",
    find: "this.#waiters.splice(0, this.#opening?.places ?? 0)",
    replace: "this.#waiters.splice(1, this.#opening?.places ?? 0)",
    killedBy: { file: UNIT, test: "in the order of their arrival" },
  },
  {
    name: "a waiter that is woken in vain goes to the end of the line",
    file: "src/coordinator/claim-waiters.ts",
    find: "arrivalOf(other) < wait.arrival",
    replace: "arrivalOf(other) >= 0",
    killedBy: { file: UNIT, test: "woken in vain keeps its place" },
  },
  {
    name: "a wait outlives its time",
    file: "src/coordinator/claim-waiters.ts",
    find: "wait.hasLeft || wait.until <= now",
    replace: "wait.hasLeft",
    killedBy: { file: UNIT, test: "until its time is over" },
  },
  {
    name: "a back-off that ends wakes nobody",
    file: "src/coordinator/claim-waiters.ts",
    find: "ready.push(...this.#takeOpened());",
    replace: "",
    killedBy: { file: UNIT, test: "a back-off that ends wakes a waiter" },
  },
  {
    name: "every change decides every waiter",
    file: "src/coordinator/claim-waiters.ts",
    find: "this.#opening?.places ?? 0)",
    replace: "Infinity)",
    killedBy: { file: UNIT, test: "no more waiters than it opens places" },
  },
  {
    name: "the repeat of a waiting claim waits for work of its own",
    file: "src/coordinator/claim-waiters.ts",
    find: "other.idempotency.keyHash === idempotency.keyHash",
    replace: "false",
    killedBy: { file: UNIT, test: "under one Idempotency-Key" },
  },
  {
    name: "a waiter on all groups keeps the lease it was granted after it left",
    file: "src/api/jobs/answer-patiently.ts",
    find: "if (signal.aborted) await",
    replace: "if (false) await",
    killedBy: {
      file: "test/workers/waiting.test.ts",
      test: "is given back when its waiter hangs up",
    },
  },
  {
    name: "a waiter whose coordinator was lost is told so",
    file: "src/coordinator/claim-patiently.ts",
    find: "!isLost || signal.aborted",
    replace: "true",
    killedBy: { file: "test/workers/waiting.test.ts", test: "whose coordinator is reset" },
  },
  {
    name: "every waiter looks at the line for itself",
    file: "src/coordinator/claim-any-patiently.ts",
    find: "if (now < (lookedAt",
    replace: "if (false && now < (lookedAt",
    killedBy: {
      file: "test/workers/waiting.test.ts",
      test: "look at the line about once a second",
    },
  },
  {
    name: "waiters are woken for a revision they know",
    file: "src/coordinator/claim-waiters.ts",
    find: "revision !== this.#revision",
    replace: "true",
    killedBy: { file: UNIT, test: "once, not for ever" },
  },
  {
    name: "a back-off that ends during a commit is missed",
    file: "src/coordinator/claim-waiters.ts",
    find: "opening.at > decidedAt",
    replace: "opening.at > Date.now()",
    killedBy: { file: UNIT, test: "while a batch is under way" },
  },
  {
    name: "waiting: a repeat without a wait leaves the first one waiting",
    file: "src/coordinator/command-queue.ts",
    find: "else if (claimed && queued.wait === undefined)",
    replace: "else if (claimed === undefined)",
    killedBy: {
      file: "test/server/waiting.test.ts",
      test: "leased nothing, once its claim is repeated without a wait",
    },
  },
  {
    name: "waiting: over all groups a repeat without a wait leaves the first one waiting",
    file: "src/coordinator/claim-any-patiently.ts",
    find: "(endedAt.get(nameOf(claim)) ?? 0) > begun",
    replace: "false",
    killedBy: {
      file: "test/server/waiting.test.ts",
      test: "leased nothing, once its claim is repeated without a wait",
    },
  },
  {
    name: "a connection that was closed in silence is never heard",
    file: "src/api/jobs/answer-patiently.ts",
    find: "void send(BYTE);\n      await",
    replace: "await",
    killedBy: { file: SERVER, test: "whose connections end by a" },
  },
  {
    name: "a lease that nobody saw counts as a deferral",
    file: "src/domain/release.ts",
    find: "if (unseen) return",
    replace: "if (unseen === false) return",
    killedBy: { file: DEFERRAL, test: "leaves no trace" },
  },
  {
    name: "a lease that nobody saw can still be reported",
    file: "src/domain/release.ts",
    find: '{ ...uncounted, leaseOutcome: "voided" }',
    replace: "uncounted",
    killedBy: { file: DEFERRAL, test: "leaves no trace" },
  },
];
