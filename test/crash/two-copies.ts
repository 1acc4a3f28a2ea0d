/**
 * Two servers on one persistence folder: two live copies of the same Durable Object, each with its own
 * queue and cache, drive one group. The fence has to make them one. Groups are created in the Worker, so a creation that
 * both servers are asked for under one key has only the database to make it one.
 */
import { audit, auditAnswers } from "./audit.ts";
import { drain, newGroup, processor, worldOf } from "./clients.ts";
import { type Client, BASE, type Json } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { randomFrom } from "../support/random.ts";
import { buildWorker, startServer, workFolder } from "../support/worker-server.ts";
import { conclude } from "./conclude.ts";
import { insist } from "./insist.ts";
import { Ledger } from "./ledger.ts";

const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);
const [JOBS, PROCESSORS, CREATIONS] = [1_000, 6, 100];

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
const world = worldOf(ledger, [first.api, second.api], { closing: true, draining: true });
await createTwice();
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
  {
    seconds,
    "creations sent to both": CREATIONS,
    "commits after the other copy's": handOvers,
    ...ledger.figures(),
  },
  ledger.violations,
);
process.exit();

/** Each key makes one group, whichever copy is faster, and both answer with it. */
async function createTwice(): Promise<void> {
  const input = { name: "Twin", template: "t" };
  const createUnder = (key: string) => (copy: Client) =>
    insist(
      () => copy.call("POST", BASE, { body: input, headers: { "idempotency-key": key } }),
      ledger.repeats,
    );
  const pairs = await Promise.all(
    Array.from({ length: CREATIONS }, async (_, nth) =>
      Promise.all(world.copies.map(createUnder(`twin-${SEED}-${nth}`))),
    ),
  );
  for (const [one, other] of pairs) {
    const alike = one?.status === 201 && one.body.data._id === other?.body.data?._id;
    if (!alike) ledger.violate("unexpected answers", one, other);
  }
  const filter = encodeURIComponent(JSON.stringify({ name: input.name }));
  const list = await insist(
    () => first.api.call("GET", `${BASE}?filter=${filter}`),
    ledger.repeats,
  );
  if (list.body.total !== CREATIONS) ledger.violate("unexpected answers", list.body.total);
  // The audit asks of every group that its jobs have ended.
  for (const [one] of pairs) {
    await insist(() => second.api.call("DELETE", `${BASE}/${one?.body.data?._id}`), ledger.repeats);
  }
}
