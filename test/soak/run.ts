/**
 * Keeps `npm run dev` under load: 32 clients call all operations, some send bodies over the limit, drop connections or
 * idle. At the end the server must stand and the rows of every group must add up to its counters.
 * `npm run test:soak` takes five minutes, `npm run test:soak -- 60` one. SOAK_SEED fixes what clients choose.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { type Document, operationsOf } from "../../src/reference/openapi/operations.ts";
import { conclude } from "../crash/conclude.ts";
import { openCopy, recount } from "../crash/recount.ts";
import { randomFrom } from "../support/random.ts";
import { startReceiver } from "../support/receiver.ts";
import { workFolder } from "../support/worker-server.ts";
import { type Calling, caller } from "./caller.ts";
import { npmRunDev } from "./development-server.ts";
import { Figures } from "./figures.ts";
import { dropping, idle, refused } from "./misbehave.ts";
import { World } from "./world.ts";

const SECONDS = Number(process.argv[2] ?? 300);
const SEED = Number(process.env["SOAK_SEED"] ?? Date.now() % 1_000_000);
const CLIENTS = [
  ...Array.from({ length: 23 }, () => caller),
  ...Array.from({ length: 3 }, () => refused),
  ...Array.from({ length: 3 }, () => dropping),
  ...Array.from({ length: 3 }, () => idle),
];

console.log(`seed ${SEED}, ${SECONDS} s, ${CLIENTS.length} clients`);
const folder = workFolder();
const server = await npmRunDev(folder);
const receiver = await startReceiver(() => 204);
const document = await fetch(`${server.url}/openapi.json`).then((answer) =>
  answer.json<Document>(),
);
const operations = operationsOf(document);

const random = randomFrom(SEED);
const figures = new Figures();
const shared = {
  api: server.api,
  operations,
  world: new World(),
  figures,
  receiver: receiver.url,
  until: Date.now() + SECONDS * 1_000,
};
const own = (): Calling => ({ ...shared, random: randomFrom(Math.floor(random() * 2 ** 32)) });
const clients = Promise.all(CLIENTS.map((client) => client(own())));
while (Date.now() < shared.until && server.isRunning()) await sleep(250);
if (server.isRunning()) await clients;

const last = await fetch(`${server.url}/health/ready`).catch(() => undefined);
if (!server.isRunning() || last?.status !== 200) {
  figures.violate("server ended", server.output.join("").slice(-3_000));
}
figures.checkSuccess(operations.map(({ operation }) => operation.operationId));
await server.stop();
receiver.stop();
const recounted = recount(openCopy(join(folder, "v3", "d1"), folder));
for (const group of recounted.unlike) figures.violate("groups unlike their rows", group);
conclude(
  {
    seconds: SECONDS,
    clients: CLIENTS.length,
    ...figures.rows(),
    "groups recounted": recounted.groups,
    "jobs recounted": recounted.jobs,
  },
  figures.mustBeZero,
);
process.exit();
