import type { Mutant } from "./mutant.ts";

export const apiMutants: readonly Mutant[] = [
  {
    name: "a coordinator for any id",
    file: "src/api/send-command.ts",
    find: "if (!isId(groupId) || ",
    replace: "if (!isId(groupId) && ",
    killedBy: { file: "test/workers/isolation.test.ts", test: "what another workspace has" },
  },
];
