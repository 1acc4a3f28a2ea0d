import type { Mutant } from "./mutant.ts";

export const apiMutants: readonly Mutant[] = [
  {
    name: "a coordinator for any id",
    file: "src/api/send-command.ts",
    find: "if (!isId(groupId) || ",
    replace: "if (!isId(groupId) && ",
    killedBy: { file: "test/workers/isolation.test.ts", test: "what another workspace has" },
  },
  {
    name: "a key gives more than it has",
    file: "src/api/api-keys/create-api-key.ts",
    find: "if (beyond.length > 0) throw",
    replace: "if (beyond.length > 4) throw",
    killedBy: { file: "test/workers/api-keys.test.ts", test: "an administrator's key" },
  },
  {
    name: "a key gives another workspace",
    file: "src/api/api-keys/create-api-key.ts",
    find: "workspace !== principal.workspace && !isRoot(principal)",
    replace: 'workspace === ""',
    killedBy: { file: "test/workers/api-keys.test.ts", test: "an administrator's key" },
  },
];
