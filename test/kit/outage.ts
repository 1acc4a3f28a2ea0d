/**
 * Processors through the faults that take long: `node --conditions=source test/kit/outage.ts`, two minutes. The server
 * is away for 30 seconds, one processor is killed, and readers throw, hang and are throttled. Every job must end once.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Throttled, type Processor } from "../../src/processor/kit/index.ts";
import { KillableServer } from "./killable-server.ts";

const JOBS = 60;
const PAGES = 3;
const OUTAGE_MS = 30_000;

const server = new KillableServer();
await server.build();
const settings = { parallelJobs: 10, retryCount: 5 };
const groupId = await server.newGroup(JOBS, { template: "outage", settings });

let readings = 0;
/** Every seventh reading throws, every eleventh is throttled, one hangs. The others take a second or two. */
async function read(): Promise<{ pages: number; cost: number }> {
  readings += 1;
  if (readings === 13) return new Promise(() => {});
  if (readings % 7 === 0) throw new Error("not this time");
  if (readings % 11 === 0) throw new Throttled({ retryAfterSeconds: 1, scope: "document" });
  await sleep(500 + Math.random() * 1_500);
  return { pages: PAGES, cost: 0.01 };
}

const events: Record<string, number> = {};
function start(): Processor {
  const processor = server.processor({
    templates: ["outage"],
    concurrency: 3,
    heartbeatSeconds: 60,
    waitSeconds: 5,
    readTimeoutSeconds: 20,
    read,
  });
  for (const name of ["claimed", "completed", "failed", "released", "lost"] as const)
    processor.on(name, () => {
      events[name] = (events[name] ?? 0) + 1;
    });
  void processor.run();
  return processor;
}

const processors = [start(), start()];
await sleep(8_000);
await server.kill();
console.log("the server is away");
await sleep(OUTAGE_MS);
await server.start();
console.log("the server is back");
processors.push(start());
await processors[0]?.stop();

const until = Date.now() + 120_000;
let group = await server.group(groupId);
while (group.pendingJobs > 0 && Date.now() < until) {
  await sleep(1_000);
  group = await server.group(groupId);
}
await Promise.all(processors.map((processor) => processor.stop()));
const { completedJobs, failedJobs, statistics } = group;
const isExact = await server.isExact(groupId);
await server.kill();
console.log(
  JSON.stringify({ readings, events, completedJobs, failedJobs, ...statistics, isExact }),
);
const whole =
  completedJobs + failedJobs === JOBS && statistics.totalPages === completedJobs * PAGES && isExact;
console.log(whole ? "PASS" : "FAIL");
process.exitCode = whole ? 0 : 1;
