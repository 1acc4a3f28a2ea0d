import type { Mutant } from "./mutant.ts";

export const notifyMutants: readonly Mutant[] = [
  {
    name: "a redirect counts as delivered",
    file: "src/notify/send-webhook.ts",
    find: "status >= 200 && status < 300",
    replace: "status >= 200 && status < 400",
    killedBy: { file: "test/workers/receivers.test.ts", test: "always fails becomes dead" },
  },
];
