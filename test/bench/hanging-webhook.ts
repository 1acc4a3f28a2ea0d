/**
 * What reports cost while a webhook hangs: the same work on groups without a webhook and on groups whose
 * every failed job is told to a receiver that never answers, in turns. Prints medians and their ratio.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import {
  buildWorker,
  data,
  freePort,
  type Json,
  startServer,
  workFolder,
} from "../support/worker-server.ts";

const [ROUNDS, JOBS, AT_ONCE] = [5, 300, 10];
const FAILING = { error: "unreadable", retryable: false };

const folder = workFolder();
await buildWorker(folder, { vars: { WEBHOOKS_TO_LOCALHOST: "true" } });
let hanging = 0;
const receiver = createServer(() => void hanging++);
await once(receiver.listen(0, "localhost"), "listening");
const address = receiver.address();
if (address === null || typeof address === "string") throw new Error("no port");
const server = startServer(folder, await freePort());
await server.ready;
const send = (method: string, path: string, body?: object): Promise<Json> =>
  data(server.url, method, path, body);

/** Milliseconds of each report of a group whose every fifth job fails for good. */
async function work(): Promise<number[]> {
  const settings = { parallelJobs: AT_ONCE };
  const { _id } = await send("POST", "", {
    name: "b",
    template: "t",
    processingSettings: settings,
  });
  const jobs = Array.from({ length: JOBS }, () => ({ documentName: "invoice.pdf" }));
  await send("POST", `/${_id}/jobs`, { jobs });
  await send("POST", `/${_id}/process`);
  const times: number[] = [];
  while (times.length < JOBS) {
    const claim = { workerId: "w", maxJobs: AT_ONCE };
    const leases: Json[] = await send("POST", `/${_id}/jobs/claim`, claim);
    await Promise.all(
      leases.map(async ({ jobId, leaseId }, index) => {
        const how = index % 5 === 0 ? "fail" : "complete";
        const report = { leaseId, ...(how === "fail" && FAILING) };
        const from = performance.now();
        await send("POST", `/${_id}/jobs/${jobId}/${how}`, report);
        times.push(performance.now() - from);
      }),
    );
  }
  return times;
}

const quantile = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;

await work();
const url = `http://localhost:${address.port}`;
const measured = { without: [] as number[], hanging: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  measured.without.push(...(await work()));
  const { webhookId } = await send("POST", "/webhook", { url });
  measured.hanging.push(...(await work()));
  await send("DELETE", `/webhook/${webhookId}`);
}
const rows = [0.5, 0.9, 0.99].map((share) => {
  const [without, during] = [measured.without, measured.hanging].map((t) => quantile(t, share));
  const shown = { without, during, ratio: (during ?? 0) / (without ?? 1) };
  return [
    `p${share * 100}`,
    Object.fromEntries(Object.entries(shown).map(([k, v]) => [k, v?.toFixed(2)])),
  ];
});
console.table(Object.fromEntries(rows));
console.log(`${hanging} calls hung`);
process.exit();
