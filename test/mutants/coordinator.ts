import type { Mutant } from "./mutant.ts";

export const coordinatorMutants: readonly Mutant[] = [
  {
    name: "a creation that meets another never looks at what is there",
    file: "src/coordinator/read-plan.ts",
    find: "attempt === 0 && commands.every",
    replace: "commands.every",
    killedBy: {
      file: "test/workers/idempotency.test.ts",
      test: "1,000 parallel creates under one key make one group",
    },
  },
  {
    name: "the next lease is granted blindly",
    file: "src/coordinator/read-plan.ts",
    find: '"nextLeaseId" in command && command.nextLeaseId !== undefined',
    replace: "false",
    killedBy: {
      file: "test/workers/claim-next.test.ts",
      test: "an object that has forgotten",
    },
  },
  {
    name: "waiting jobs are forgotten",
    file: "src/coordinator/cache.ts",
    find: "allWaiting && ![...waiting.values()].some((availableAt) => availableAt <= now)",
    replace: "allWaiting || waiting.has(String(now))",
    killedBy: {
      file: "test/workers/claim-next.test.ts",
      test: "a job given back",
    },
  },
  {
    name: "jobs never claimed are not read again",
    file: "src/coordinator/cache.ts",
    find: "length >= enough",
    replace: "length >= 0 * enough",
    killedBy: {
      file: "test/workers/claim-next.test.ts",
      test: "far larger than what is read ahead",
    },
  },
  {
    name: "no alarm before a commit with notices",
    file: "src/coordinator/wake-time.ts",
    find: "state.notices.length > 0 || isBroken",
    replace: "state.notices.length > 64 || isBroken",
    killedBy: {
      file: "test/workers/outbox.test.ts",
      test: "when the object died before it sent",
    },
  },
  {
    name: "an answer from memory alone",
    file: "src/coordinator/group-writer.ts",
    find: "this.#cache === null || (await isCurrent(",
    replace: "this.#cache !== undefined || (await isCurrent(",
    killedBy: {
      file: "test/workers/two-copies.test.ts",
      test: "an answer that changes nothing is given from what is stored",
    },
  },
  {
    name: "a foreign read lets the alarm go",
    file: "src/coordinator/group-writer.ts",
    find: "if (before.group === null && workspace !== null)",
    replace: "if (before === null)",
    killedBy: {
      file: "test/workers/workspace.test.ts",
      test: "leaves the group's alarm",
    },
  },
  {
    name: "a claim cut short loses what it leased",
    file: "src/coordinator/claim-any.ts",
    find: "if (walk.leases.length === 0) throw error;",
    replace: "if (walk.leases.length >= 0) throw error;",
    killedBy: {
      file: "test/workers/claim-any.test.ts",
      test: "what one group has leased reaches the processor",
    },
  },
  {
    name: "a lost answer is looked for in the present revision alone",
    file: "src/coordinator/group-writer.ts",
    find: "landedOf(batch, [before.revision, ...recent])",
    replace: "landedOf(batch, [before.revision, ...recent.slice(recent.length)])",
    killedBy: {
      file: "test/workers/faults.test.ts",
      test: "though another copy has committed since",
    },
  },
  {
    name: "a group out of reach ends a claim over all groups",
    file: "src/coordinator/group-walk.ts",
    find: 'console.error("group passed over", groupId, error);\n        return null;',
    replace: "throw error;",
    killedBy: {
      file: "test/workers/claim-any.test.ts",
      test: "passes over a group that",
    },
  },
  {
    name: "processors that claim at once all queue at the same group",
    file: "src/coordinator/group-walk.ts",
    find: "this.#misses === 0 ? left : shuffledWithinRank(left)",
    replace: "left.slice(0, this.#misses < 0 ? shuffledWithinRank(left).length : left.length)",
    killedBy: { file: "test/workers/claim-any.test.ts", test: "40 processors at once" },
  },
  {
    name: "a key is held by every claim that asks for it",
    file: "src/store/write/key-holders.ts",
    find: "WHERE NOT EXISTS (SELECT 1 FROM receipt WHERE ${isUnder(everyGroup)})",
    replace:
      "WHERE NOT EXISTS (SELECT 1 FROM receipt WHERE ${isUnder(everyGroup)} AND position >= 0) ON CONFLICT DO UPDATE SET position = -1",
    killedBy: {
      file: "test/workers/once-per-key.test.ts",
      test: "of claims under one key that arrive together one runs",
    },
  },
  {
    name: "the watchdog knows no removals",
    file: "src/coordinator/watchdog.ts",
    find: "slice(0, MAX_WOKEN), ...removals]",
    replace: "slice(0, MAX_WOKEN), ...removals.slice(0, 0)]",
    killedBy: { file: "test/workers/group-removal.test.ts", test: "whose alarm was lost" },
  },
  {
    name: "the deletion of a large group takes the alarm with it",
    file: "src/coordinator/group-writer.ts",
    find: "state.group === null && !batch.leavesRemains",
    replace: "state.group === null",
    killedBy: { file: "test/workers/group-removal.test.ts", test: "by itself" },
  },
  {
    name: "the watchdog takes a present alarm for lost",
    file: "src/coordinator/watchdog.ts",
    find: "now - OVERDUE_MS",
    replace: "now",
    killedBy: { file: "test/workers/watchdog.test.ts", test: "a lease whose alarm was lost" },
  },
  {
    name: "an object woken by the watchdog trusts its memory of the alarm",
    file: "src/coordinator/group-coordinator.ts",
    find: "this.#alarm.doubt();",
    replace: "",
    killedBy: { file: "test/workers/watchdog.test.ts", test: "memory takes for set" },
  },
  {
    name: "one group that cannot be woken stops the watchdog",
    file: "src/coordinator/watchdog.ts",
    find: 'console.error("overdue, but not woken", group.groupId, error);',
    replace: "throw error;",
    killedBy: { file: "test/workers/watchdog.test.ts", test: "does not keep the others" },
  },
  {
    name: "the jurisdiction is ignored",
    file: "src/coordinator/stub.ts",
    find: "everywhere : everywhere.jurisdiction(jurisdiction)",
    replace: "everywhere : everywhere",
    killedBy: { file: "test/unit/config.test.ts", test: "every stub is that of" },
  },
  {
    name: "a beat that comes too late revives the lease",
    file: "src/coordinator/decide-batch.ts",
    find: "let state = expireLeases(before, now);",
    replace:
      'let state = requests[0]?.command.kind === "beat" ? before : expireLeases(before, now);',
    killedBy: { file: "test/workers/silence.test.ts", test: "that is then too late, is lost" },
  },
  {
    name: "beats move the revision",
    file: "src/coordinator/plan-commit.ts",
    find: "(onlyBeats && before.revision) || randomHex(16)",
    replace: "(onlyBeats && before.group === null && before.revision) || randomHex(16)",
    killedBy: { file: "test/workers/heartbeat.test.ts", test: "neither the group's ETag" },
  },
  {
    name: "a beat whose write may have failed is answered as kept",
    file: "src/coordinator/group-writer.ts",
    find: "if (after.revision !== change.before?.revision) batch",
    replace: "batch",
    killedBy: { file: "test/workers/silence.test.ts", test: "a beat whose write never landed" },
  },
  {
    name: "a beat waits behind the adds",
    file: "src/coordinator/command-queue.ts",
    find: "this.#waiting.length === 0 || !this.#beatsWentAhead);",
    replace: "this.#waiting.length === 0);",
    killedBy: { file: "test/unit/coordinator/beats-first.test.ts", test: "go together ahead of" },
  },
  {
    name: "beats keep commands waiting",
    file: "src/coordinator/command-queue.ts",
    find: "this.#beatsWentAhead = beatsGoAhead && this.#waiting.length > 0;",
    replace: "this.#beatsWentAhead = beatsGoAhead && this.#waiting.length < 0;",
    killedBy: { file: "test/unit/coordinator/beats-first.test.ts", test: "keep none waiting" },
  },
  {
    name: "a group out of reach loses its leases",
    file: "src/coordinator/beat-leases.ts",
    find: "if (!outcomes.every(Boolean))",
    replace: "if (outcomes.length > 100)",
    killedBy: { file: "test/workers/heartbeat.test.ts", test: "cannot be reached is answered 503" },
  },
];
