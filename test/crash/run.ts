/**
 * Kills the server at random instants while clients work, and holds what is left against what they
 * were told. CRASH_ROUNDS (20) and CRASH_SEED change it; the seed fixes what clients and the killer
 * choose, not how the machine interleaves them.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { audit, auditAnswers } from "./audit.ts";
import { addJobs, drain, newGroup, processor, worldOf } from "./clients.ts";
import { BASE } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { randomFrom } from "../support/random.ts";
import { buildWorker, startServer, workFolder } from "../support/worker-server.ts";
import { conclude } from "./conclude.ts";
import { Ledger } from "./ledger.ts";
import { operator } from "./operator.ts";
import { type Outage, showRevivals } from "./mortal.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 20);
const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);
const [GROUPS, PROCESSORS_A_GROUP, PROCESSORS_OF_ANY] = [6, 3, 2];
const OPEN_JOBS_A_GROUP = 150;
const LONGEST_LIFE_MS = 3_000;
/** After the rounds the server lives on, so that the jobs of dead processors are seen to be worked again in time. */
const CALM_MS = 20_000;

console.log(`seed ${SEED}, ${ROUNDS} rounds`);
const random = randomFrom(SEED);
const folder = workFolder();
await buildWorker(folder);
const port = await freePort();
let server = startServer(folder, port);
await server.ready;

const ledger = new Ledger();
const world = worldOf(ledger, [server.api]);
const groups: string[] = [];
for (let index = 0; index < GROUPS; index++) {
  const settings = { parallelJobs: [1, 3, 10][index % 3], retryCount: index % 3 };
  groups.push(await newGroup(world, OPEN_JOBS_A_GROUP, settings));
}

async function adder(groupId: string): Promise<void> {
  while (!world.draining) {
    const finished = [...ledger.finished.values()].filter(({ lease }) => lease.groupId === groupId);
    const cancelled = [...ledger.cancelled.values()].filter((id) => id === groupId);
    const added = ledger.added.get(groupId)?.size ?? 0;
    const open = added - finished.length - cancelled.length;
    if (open < OPEN_JOBS_A_GROUP / 2) await addJobs(world, groupId, OPEN_JOBS_A_GROUP);
    else await sleep(100);
  }
}

const own = () => randomFrom(Math.floor(random() * 2 ** 32));
const adders = groups.map(adder);
const processors = [
  ...groups.flatMap((id) =>
    Array.from({ length: PROCESSORS_A_GROUP }, (_, nth) =>
      processor(world, id, own(), nth % 2 === 0),
    ),
  ),
  ...Array.from({ length: PROCESSORS_OF_ANY }, (_, nth) =>
    processor(world, null, own(), nth % 2 === 0),
  ),
];
const operators = groups.slice(0, GROUPS / 2).map((groupId) => operator(world, groupId, own()));
const working = Promise.all([...adders, ...processors, ...operators]);
working.catch(() => undefined);

const outages: Outage[] = [];
let killedStarting = 0;
const startedAt = Date.now();
for (let round = 1; round <= ROUNDS; round++) {
  await sleep(random() * LONGEST_LIFE_MS);
  const outage = { from: performance.now(), to: Infinity };
  outages.push(outage);
  await server.kill();
  audit(folder, ledger);
  server = startServer(folder, port);
  if (random() < 0.2) {
    await sleep(random() * 1_500);
    await server.kill();
    killedStarting++;
    server = startServer(folder, port);
  }
  await server.ready;
  outage.to = performance.now();
}
await sleep(CALM_MS);
// A retry after the processors have stopped would leave jobs to nobody.
world.closing = true;
await drain(Promise.all(operators));
world.draining = true;
await drain(working);

const answers = await Promise.all(groups.map((id) => server.api.data("GET", `${BASE}/${id}`)));
await server.kill();
ledger.checkAnswers();
auditAnswers(audit(folder, ledger, true), answers, ledger);
conclude(
  {
    rounds: ROUNDS,
    seconds: Math.round((Date.now() - startedAt) / 1000),
    "kills while working": ROUNDS,
    "kills while starting": killedStarting,
    ...ledger.figures(),
    ...showRevivals(ledger, outages),
  },
  ledger.violations,
);
process.exit();
