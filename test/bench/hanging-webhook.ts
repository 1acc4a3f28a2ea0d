/**
 * Measures reports while a webhook hangs: the same work on groups without a webhook and on groups whose
 * every failed job is told to a receiver that never answers, in turns. Prints medians and their ratio.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { BASE } from "../support/client.ts";
import { freePort, portOf } from "../support/port.ts";
import { quantile } from "../support/statistics.ts";
import { buildWorker, startServer, workFolder } from "../support/worker-server.ts";

const [ROUNDS, JOBS, AT_ONCE] = [5, 300, 10];
const FAILING = { error: "unreadable", retryable: false };

const folder = workFolder();
await buildWorker(folder, { vars: { WEBHOOKS_TO_LOCALHOST: "true" } });
let hanging = 0;
const receiver = createServer(() => void hanging++);
await once(receiver.listen(0, "localhost"), "listening");
const server = startServer(folder, await freePort());
await server.ready;
const { api } = server;

/** Milliseconds of each report of a group whose every fifth job fails for good. */
async function work(): Promise<number[]> {
  const group = await api.newGroup(JOBS, { settings: { parallelJobs: AT_ONCE } });
  const times: number[] = [];
  while (times.length < JOBS) {
    const leases = await api.claim(group, AT_ONCE);
    await Promise.all(
      leases.map(async ({ jobId, leaseId }, index) => {
        const how = index % 5 === 0 ? "fail" : "complete";
        const report = { leaseId, ...(how === "fail" && FAILING) };
        const from = performance.now();
        await api.data("POST", `${BASE}/${group}/jobs/${jobId}/${how}`, report);
        times.push(performance.now() - from);
      }),
    );
  }
  return times;
}

await work();
const url = `http://localhost:${portOf(receiver)}`;
const measured = { without: [] as number[], hanging: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  measured.without.push(...(await work()));
  const { webhookId } = await api.data("POST", "/webhook", { url });
  measured.hanging.push(...(await work()));
  await api.data("DELETE", `/webhook/${webhookId}`);
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
