/**
 * Kills the server between the commit that ends a group and the delivery of its notices, or while a
 * receiver has yet to answer; then nobody touches the group again. Every notice must arrive; one that
 * arrives again must have had a kill before its answer was recorded, and the same id.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startReceiver, verify } from "../support/receiver.ts";
import { BASE, type Json } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { randomFrom } from "../support/random.ts";
import { buildWorker, startServer, workFolder } from "../support/worker-server.ts";
import { conclude } from "./conclude.ts";
import { insist } from "./insist.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 20);
const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);
const LONGEST_LIFE_MS = 120;
/** A claim that a crash has left ends after 20 seconds. */
const ARRIVAL_LIMIT_MS = 60_000;
const RECIPIENTS = ["ap@example.com", "cfo@example.com"];

console.log(`seed ${SEED}, ${ROUNDS} rounds of notices`);
const random = randomFrom(SEED);
const folder = workFolder();
await buildWorker(folder, {
  vars: {
    EMAIL_FROM: "us@example.com",
    BASE_URL: "https://api.example.com",
    WEBHOOKS_TO_LOCALHOST: "true",
  },
});
const receiver = await startReceiver(
  () => 204,
  () => random() * LONGEST_LIFE_MS,
);
const port = await freePort();
let server = startServer(folder, port);
await server.ready;

const events = ["job_group.completed"];
const webhook = await server.api.data("POST", "/webhook", { url: receiver.url, events });
const kills: number[] = [];
const killTimes: number[] = [];
const groups: string[] = [];
const repeats = { unanswered: 0, unavailable: 0 };

/** A group with one job left; answers its id and the report that ends it. */
async function almostDone(): Promise<{ group: string; path: string; report: object }> {
  const input = {
    name: "Notices",
    template: "t",
    notifications: { onCompletion: true, recipients: RECIPIENTS },
  };
  const { _id: group } = await server.api.data("POST", BASE, input);
  const jobs = [{ documentName: "invoice-1.pdf" }];
  await server.api.data("POST", `${BASE}/${group}/jobs`, { jobs });
  await server.api.data("POST", `${BASE}/${group}/process`);
  const claim = { workerId: "crash", maxJobs: 1 };
  const [{ jobId, leaseId }] = await server.api.data("POST", `${BASE}/${group}/jobs/claim`, claim);
  return { group, path: `${BASE}/${group}/jobs/${jobId}/complete`, report: { leaseId } };
}

for (let round = 1; round <= ROUNDS; round++) {
  const { group, path, report } = await almostDone();
  groups.push(group);
  const { api } = server;
  const answered = api.call("POST", path, { body: report }).then(
    () => true,
    () => false,
  );
  if (round % 2 === 0) await answered;
  await sleep(random() * LONGEST_LIFE_MS);
  await server.kill();
  kills.push(performance.now());
  killTimes.push(Date.now());
  server = startServer(folder, port);
  await server.ready;
  if (!(await answered))
    await insist(() => server.api.call("POST", path, { body: report }), repeats);
}

const groupOf = ({ text }: { text: string }): string => JSON.parse(text).data.groupId;
const emails = (): string[] =>
  globSync(join(folder, "**", "email-text", "*.txt")).map((file) => readFileSync(file, "utf8"));
const mailed = (group: string) => emails().filter((text) => text.includes(group)).length;
const told = (group: string) => receiver.calls.filter((message) => groupOf(message) === group);
const notifications = () =>
  Promise.all(
    groups.map((group): Promise<Json[]> =>
      server.api.data("GET", `${BASE}/${group}/notifications`),
    ),
  );
const undelivered = async () =>
  (await notifications()).flat().filter(({ status }) => status !== "delivered");
// Asks the database only: it wakes no group.
for (const end = Date.now() + ARRIVAL_LIMIT_MS; Date.now() < end; await sleep(500)) {
  if ((await undelivered()).length === 0) break;
}
const left = await undelivered();
const delivered = await notifications();
await server.kill();

/**
 * Miniflare's mail service acknowledges a message before it writes the file, which may take 75 ms in a server that has
 * just started. A kill in between leaves no file. Such a message has arrived as far as the API can know.
 */
const UNWRITTEN_MS = 150;
const lost = groups.map((group, index) => {
  const written = mailed(group);
  const late = (delivered[index] ?? []).filter(
    ({ recipient, deliveredAt }) =>
      recipient !== undefined && killTimes.some((at) => isJustBefore(Date.parse(deliveredAt), at)),
  );
  return { missing: RECIPIENTS.length - written, late: late.length };
});
function isJustBefore(time: number, kill: number): boolean {
  return time <= kill && kill - time < UNWRITTEN_MS;
}

const bySender = groups.map((group) => told(group));
const repeated = bySender.filter((messages) => messages.length > 1);
const unexplained = repeated.filter((messages) =>
  messages.slice(1).some(({ at }, index) => {
    const before = messages[index]?.at ?? 0;
    return !kills.some((kill) => before < kill && kill < at);
  }),
);
const unverified = receiver.calls.filter((message) => {
  try {
    return verify(webhook.secret, message).type !== "job_group.completed";
  } catch {
    return true;
  }
});
const afterKill = bySender.filter(
  (messages, index) => (messages[0]?.at ?? 0) > (kills[index] ?? 0),
);
conclude(
  {
    rounds: ROUNDS,
    "reports repeated: no answer": repeats.unanswered,
    "webhooks delivered only after the restart": afterKill.length,
    "webhooks sent again": receiver.calls.length - groups.length,
    "e-mails acknowledged right before a kill": lost.reduce((sum, { late }) => sum + late, 0),
    "e-mails written again": emails().length - groups.length * RECIPIENTS.length,
  },
  {
    "webhooks lost": bySender.filter((messages) => messages.length === 0).length,
    "e-mails lost": lost.filter(({ missing, late }) => missing > late).length,
    "not marked delivered": left.length,
    "sent again under another id": repeated.filter(
      (messages) => new Set(messages.map(({ id }) => id)).size > 1,
    ).length,
    "sent again although the answer was known": unexplained.length,
    "badly signed": unverified.length,
  },
);
process.exit();
