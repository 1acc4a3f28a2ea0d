/**
 * Moves the workspace of busy groups from one database to the other and back, and kills the server all the while. Each job
 * must be read once, and at the end all rows must be in the workspace's home and none elsewhere. CRASH_ROUNDS sets the
 * number of kills.
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { announcement } from "../../src/cli/announcement.ts";
import { BASE } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { randomFrom } from "../support/random.ts";
import { buildWorker, startServer, workFolder } from "../support/worker-server.ts";
import { audit, auditAnswers } from "./audit.ts";
import { addJobs, drain, newGroup, processor, worldOf } from "./clients.ts";
import { conclude } from "./conclude.ts";
import { Ledger } from "./ledger.ts";

const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 20);
const WORKSPACE = "default";
const [GROUPS, JOBS, PROCESSORS_A_GROUP] = [4, 200, 2];
const LONGEST_LIFE_MS = 4_000;
process.env["CRON_MS"] = "300";

console.log(`seed ${SEED}, ${ROUNDS} rounds`);
const random = randomFrom(SEED);
const folder = workFolder();
await buildWorker(folder, { databases: 2 });
const port = await freePort();
let server = startServer(folder, port);
await server.ready;
// Its row tells which of the two files is the directory.
await server.api.data("POST", "/api-key", { name: "Any", scopes: ["groups:read"] });

const ledger = new Ledger();
const world = worldOf(ledger, [server.api], { closing: true });
const groups: string[] = [];
for (let index = 0; index < GROUPS; index++) {
  groups.push(await newGroup(world, JOBS, { parallelJobs: 5, retryCount: 1 }));
}
const own = () => randomFrom(Math.floor(random() * 2 ** 32));
const working = Promise.all(
  [...groups, ...groups, null].flatMap((id) =>
    Array.from({ length: id === null ? PROCESSORS_A_GROUP : 1 }, (_, nth) =>
      processor(world, id, own(), nth % 2 === 1),
    ),
  ),
);
working.catch(() => undefined);

const switches = new Set<string>();
const phases = new Map<string, number>();
const startedAt = Date.now();
for (let round = 1; round <= ROUNDS; round++) {
  await sleep(random() * LONGEST_LIFE_MS);
  await server.kill();
  nobodyRemembers();
  server = startServer(folder, port);
  await server.ready;
  for (const id of groups) await addJobs(world, id, 20);
}
world.draining = true;
await drain(working);
const answers = await Promise.all(groups.map((id) => server.api.data("GET", `${BASE}/${id}`)));
for (let looks = 0; looks < 20 && movesNow(); looks++) {
  await server.kill();
  nobodyRemembers(false);
  server = startServer(folder, port);
  await server.ready;
  await sleep(5_000);
}
await server.kill();
ledger.checkAnswers();
auditAnswers(audit(folder, ledger, true), answers, ledger);
const rows = databases().map((each) => counted(each, "SELECT count(*) AS n FROM job_group"));
if (rows.toSorted((a, b) => a - b).join() !== `0,${GROUPS}`)
  ledger.violate("rows out of their home", rows);
const figures = {
  rounds: ROUNDS,
  seconds: Math.round((Date.now() - startedAt) / 1000),
  moves: switches.size,
  ...Object.fromEntries([...phases].map(([phase, kills]) => [`kills in phase ${phase}`, kills])),
  ...ledger.figures(),
};
if (switches.size < 2) ledger.violate("too few moves", switches.size);
conclude(figures, ledger.violations);
process.exit();

function databases(): DatabaseSync[] {
  const files = globSync(join(folder, "state", "d1", "**", "*.sqlite"));
  // A process that was just killed may hold its locks for a moment more.
  return files
    .filter((name) => !name.includes("metadata"))
    .map((name) => new DatabaseSync(name, { timeout: 5_000 }));
}

function counted(database: DatabaseSync, query: string): number {
  return Number(database.prepare(query).get()?.["n"]);
}

function directory(): DatabaseSync {
  const found = databases().find((each) => counted(each, "SELECT count(*) AS n FROM api_key") > 0);
  if (found === undefined) throw new Error("no database has the key");
  return found;
}

function movesNow(): boolean {
  return counted(directory(), "SELECT count(moves_to) AS n FROM workspace_home") > 0;
}

/**
 * The server is dead, and with it all that remembered a home: the waits for those who remember are over. Begins the next
 * move when none is under way.
 */
function nobodyRemembers(begins = true): void {
  const database = directory();
  const home = database.prepare("SELECT shard, phase FROM workspace_home").get();
  const phase = String(home?.["phase"] ?? "none");
  phases.set(phase, (phases.get(phase) ?? 0) + 1);
  if (phase === "none" && begins) {
    const shard = Number(home?.["shard"] ?? 0);
    database.exec(announcement(WORKSPACE, 1 - shard, Date.now()));
    switches.add(`${switches.size}: ${shard} to ${1 - shard}`);
  }
  database.exec("UPDATE workspace_home SET phase_at = 0 WHERE phase IS NOT NULL");
  database.close();
}
