/**
 * Two servers on one persistence folder: two live copies of the same Durable Object, each with its own
 * queue and cache, drive one group. The fence has to make them one.
 */
import { audit, auditAnswers } from "./audit.ts";
import { drain, newGroup, processor, type World } from "./clients.ts";
import { type Client, BASE, type Json } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { randomFrom } from "../support/random.ts";
import { buildWorker, startServer, workFolder } from "../support/worker-server.ts";
import { conclude } from "./conclude.ts";
import { insist } from "./insist.ts";
import { Ledger } from "./ledger.ts";

const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);
const [JOBS, PROCESSORS] = [1_000, 6];

console.log(`seed ${SEED}, two copies`);
const random = randomFrom(SEED);
const folder = workFolder();
await buildWorker(folder);
// One after the other: the first creates the schema.
const first = startServer(folder, await freePort());
await first.ready;
const second = startServer(folder, await freePort());
await second.ready;

const ledger = new Ledger();
const world: World = {
  ledger,
  copies: [first.api, second.api],
  pausedAt: new Map(),
  draining: true,
};
const group = await newGroup(world, JOBS, { parallelJobs: 10, retryCount: 1 });
const startedAt = Date.now();
const own = () => randomFrom(Math.floor(random() * 2 ** 32));
await drain(
  Promise.all(
    Array.from({ length: PROCESSORS }, (_, nth) => processor(world, group, own(), nth % 2 === 0)),
  ),
);
// SQLite shared by two processes is at times busy: a client repeats what is answered with 503.
const read = async (copy: Client): Promise<Json> =>
  (await insist(() => copy.call("GET", `${BASE}/${group}`), ledger.repeats)).body.data;
const seconds = Math.round((Date.now() - startedAt) / 1000);

const answers = await Promise.all(world.copies.map(read));
await Promise.all([first.kill(), second.kill()]);
ledger.checkAnswers();
auditAnswers(audit(folder, ledger, true), answers, ledger);
const { handOvers } = ledger.counts;
conclude(
  { seconds, "commits after the other copy's": handOvers, ...ledger.figures() },
  ledger.violations,
);
process.exit();
