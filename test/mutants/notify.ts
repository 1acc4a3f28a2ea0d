import type { Mutant } from "./mutant.ts";

export const notifyMutants: readonly Mutant[] = [
  {
    name: "a redirect counts as delivered",
    file: "src/notify/send-webhook.ts",
    find: "status >= 200 && status < 300",
    replace: "status >= 200 && status < 400",
    killedBy: { file: "test/workers/receivers.test.ts", test: "always fails becomes dead" },
  },
  {
    name: "one lost answer silences a receiver that answers",
    file: "src/notify/round.ts",
    find: 'if (attempt.ended !== "unanswered") after.delete(destination);',
    replace: 'if (attempt.ended === "waiting") after.delete(destination);',
    killedBy: { file: "test/unit/notify/round.test.ts", test: "not when another attempt" },
  },
  {
    name: "a silent receiver holds up the others",
    file: "src/notify/round.ts",
    find: "(end > now ? destination : [])",
    replace: "(end < now ? destination : [])",
    killedBy: { file: "test/unit/notify/storm.test.ts", test: "holds up no other receiver" },
  },
  {
    name: "nothing wakes the courier at the end of a pause",
    file: "src/notify/round.ts",
    find: "[nextAt ?? [], ...pauses.values()]",
    replace: "[nextAt ?? [], ...[...pauses.values()].slice(pauses.size)]",
    killedBy: { file: "test/unit/notify/round.test.ts", test: "whichever is first" },
  },
  {
    name: "a message that was never sent counts as an attempt",
    file: "src/notify/outcome.ts",
    find: '{ status: "dead", attempts: attempts - 1, dueAt: null',
    replace: '{ status: "dead", attempts: attempts - 0, dueAt: null',
    killedBy: { file: "test/unit/notify/outcome.test.ts", test: "is dead after one attempt" },
  },
  {
    name: "a pause is not kept by the courier",
    file: "src/notify/courier.ts",
    find: "pausesAfter(this.#pauses, sent, Date.now(), noticeRetriesMs);",
    replace: "pausesAfter(this.#pauses, sent.slice(sent.length), Date.now(), noticeRetriesMs);",
    killedBy: { file: "test/workers/receivers.test.ts", test: "without an answer postpones" },
  },
  {
    name: "an e-mail goes without the errors that could not be read",
    file: "src/notify/courier.ts",
    find: "errors !== null || !needsErrors([delivery])",
    replace: "delivery !== null",
    killedBy: {
      file: "test/workers/silent-receiver.test.ts",
      test: "counts no attempt, and holds up",
    },
  },
  {
    name: "pauses are forgotten when deliveries are taken",
    file: "src/store/write/outbox.ts",
    find: "except.length === 0",
    replace: "except.length >= 0",
    killedBy: { file: "test/workers/silent-receiver.test.ts", test: "are not read, however many" },
  },
];
