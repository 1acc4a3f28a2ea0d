import type { Mutant } from "./mutant.ts";

export const coordinatorMutants: readonly Mutant[] = [
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
    find: ".every((_, index) => known.has(next + index))",
    replace: ".every((_, index) => index >= 0 || known.has(0))",
    killedBy: {
      file: "test/workers/claim-next.test.ts",
      test: "far larger than what is read ahead",
    },
  },
  {
    name: "no alarm before a commit with notices",
    file: "src/coordinator/wake-time.ts",
    find: "if (notices.length > 0)",
    replace: "if (notices.length > 64)",
    killedBy: {
      file: "test/workers/notifications.test.ts",
      test: "when the object dies before it sends",
    },
  },
  {
    name: "an answer from memory alone",
    file: "src/coordinator/group-writer.ts",
    find: "if (this.#cache === null || (await isCurrent(",
    replace: "if (this.#cache !== undefined || (await isCurrent(",
    killedBy: {
      file: "test/workers/faults.test.ts",
      test: "an answer that changes nothing is given from what is stored",
    },
  },
  {
    name: "a foreign read lets the alarm go",
    file: "src/coordinator/group-writer.ts",
    find: "before.group !== null || workspace === null;",
    replace: "before !== null;",
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
];
