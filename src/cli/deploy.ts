/** `npm run deploy`: migrates the database of an environment and deploys its Worker. Arguments go to `wrangler deploy`. */
import { spawnSync } from "node:child_process";
import { deploySteps } from "./deploy-steps.ts";

for (const step of deploySteps(process.argv.slice(2), process.env)) {
  const { status } = spawnSync("wrangler", step, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
