/**
 * Kills the server while jobs are leased and notices wait for their next attempt, deletes all alarms, and lets an
 * hour pass. Then nobody touches the groups: the Cron Trigger alone must end every lease and send every notice.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { startReceiver } from "../support/receiver.ts";
import { BASE, type Json } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { buildWorker, startServer, workFolder } from "../support/worker-server.ts";
import { conclude } from "./conclude.ts";
import { loseAlarms } from "./lose-alarms.ts";

const GROUPS = 10;
const LIMIT_MS = 60_000;
const HOUR_MS = 3_600_000;

const folder = workFolder();
await buildWorker(folder, { vars: { WEBHOOKS_TO_LOCALHOST: "true" } });
const state = { isUp: false };
const receiver = await startReceiver(() => (state.isUp ? 204 : 500));
const port = await freePort();
let server = startServer(folder, port);
await server.ready;
await server.api.data("POST", "/webhook", { url: receiver.url, events: ["job.failed"] });

/** A group of two jobs: one has failed for good, which is announced, and one is leased. */
async function runningGroup(): Promise<string> {
  const settings = { parallelJobs: 2, retryCount: 0 };
  const input = { name: "Lost alarms", template: "t", processingSettings: settings };
  const { _id: group } = await server.api.data("POST", BASE, input);
  const jobs = [{ documentName: "invoice-1.pdf" }, { documentName: "invoice-2.pdf" }];
  await server.api.data("POST", `${BASE}/${group}/jobs`, { jobs });
  await server.api.data("POST", `${BASE}/${group}/process`);
  const claim = { workerId: "crash", maxJobs: 2 };
  const [{ jobId, leaseId }] = await server.api.data("POST", `${BASE}/${group}/jobs/claim`, claim);
  const report = { leaseId, error: "unreadable", retryable: false };
  await server.api.data("POST", `${BASE}/${group}/jobs/${jobId}/fail`, report);
  return group;
}

const groups = await Promise.all(Array.from({ length: GROUPS }, runningGroup));
const notices = async (): Promise<Json[]> => {
  const lists = await Promise.all(
    groups.map((id): Promise<Json[]> => server.api.data("GET", `${BASE}/${id}/notifications`)),
  );
  return lists.flat();
};
while ((await notices()).filter(({ lastError }) => lastError !== undefined).length < GROUPS) {
  await sleep(100);
}
await server.kill();

const alarmsLost = loseAlarms(
  folder,
  `UPDATE job SET lease_expires_at = lease_expires_at - ${HOUR_MS};
    UPDATE delivery SET due_at = due_at - ${HOUR_MS}`,
);
state.isUp = true;

/** Reads alone: no command reaches a coordinator, except by the Cron Trigger. */
async function left() {
  const all = await Promise.all(groups.map((id) => server.api.data("GET", `${BASE}/${id}`)));
  const told = await notices();
  return {
    leases: all.filter((group) => group["processingJobs"] > 0).length,
    notices: 2 * GROUPS - told.filter(({ status }) => status === "delivered").length,
  };
}

server = startServer(folder, port);
await server.ready;
await sleep(3_000);
const withoutCron = await left();
await server.kill();
process.env["CRON_MS"] = "1000";
server = startServer(folder, port);
await server.ready;
const startedAt = Date.now();
let now = await left();
while (now.leases + now.notices > 0 && Date.now() - startedAt < LIMIT_MS) {
  await sleep(500);
  now = await left();
}
await server.kill();
conclude(
  { groups: GROUPS, "alarms deleted": alarmsLost, seconds: (Date.now() - startedAt) / 1000 },
  {
    "alarms not deleted": GROUPS - alarmsLost,
    "leases that ended without an alarm and a watchdog": GROUPS - withoutCron.leases,
    "leases left": now.leases,
    "notices left": now.notices,
  },
);
process.exit();
