/** `npm run deploy`: migrates the databases of an environment and deploys its Worker. Arguments go to `wrangler deploy`. */
import { spawnSync } from "node:child_process";
import { databasesOf } from "./databases.ts";
import { deploySteps } from "./deploy-steps.ts";

for (const step of deploySteps(process.argv.slice(2), process.env, databasesOf)) {
  const { status } = spawnSync("wrangler", step, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
