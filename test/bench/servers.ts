import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { freePort } from "../support/port.ts";
import { buildWorker, type Server, startServer } from "../support/worker-server.ts";
import { seed } from "./seed.ts";
import type { Distances } from "./workers/distances.ts";

const ENTRIES = {
  api: "src/index.ts",
  metered: "test/bench/workers/metered.ts",
  counting: "test/bench/workers/counting.ts",
  floor: "test/bench/workers/floor.ts",
  searching: "test/bench/workers/searching.ts",
  sweeping: "test/bench/workers/sweeping.ts",
  timed: "test/bench/workers/timed.ts",
  "timed-naive": "test/bench/workers/timed-naive.ts",
  busy: "test/bench/workers/busy.ts",
  bucket: "test/bench/workers/bucket.ts",
  naive: "test/bench/workers/naive.ts",
  "distant-api": "test/bench/workers/distant-api.ts",
  "distant-floor": "test/bench/workers/distant-floor.ts",
  "distant-naive": "test/bench/workers/distant-naive.ts",
  "distant-documents": "test/bench/workers/distant-documents.ts",
  "distant-puts": "test/bench/workers/distant-puts.ts",
};
export type Kind = keyof typeof ENTRIES;

/** Starts one of the Workers over what is stored in the folder. Only the distant ones keep distances, or need the URL of a bucket. */
export async function serve(
  kind: Kind,
  folder: string,
  vars: Distances | { readonly BASE_URL: string } | { readonly LIMITS: string } = {},
): Promise<Server> {
  mkdirSync(folder, { recursive: true });
  await buildWorker(folder, { entry: ENTRIES[kind], vars });
  return restart(folder);
}

export async function restart(folder: string): Promise<Server> {
  const server = startServer(folder, await freePort());
  await server.ready;
  return server;
}

/** Changes what is stored while no server runs on it. */
export function alter(folder: string, change: (database: DatabaseSync) => void): void {
  const store = join(folder, "state", "d1", "miniflare-D1DatabaseObject");
  const name = readdirSync(store).find((name) => /^(?!metadata).*\.sqlite$/.test(name));
  if (name === undefined) throw new Error("no database was written");
  const database = new DatabaseSync(join(store, name));
  change(database);
  database.close();
}

/** A server over so many groups, in a new folder. */
export async function serveSeeded(
  kind: Kind,
  folder: string,
  groups: number,
  distances: Distances = {},
): Promise<Server> {
  const server = await serve(kind, folder, distances);
  await server.kill();
  alter(folder, (database) => seed(database, groups));
  return restart(folder);
}

/** The same in a folder that is kept: a million groups take a while, and the lists only read. */
export async function serveKept(kind: Kind, groups: number): Promise<Server> {
  const sources = [...readdirSync("migrations"), "../test/bench/seed.ts"].filter((name) =>
    /\.(sql|ts)$/.test(name),
  );
  const hash = createHash("sha256");
  for (const name of sources) hash.update(readFileSync(join("migrations", name)));
  const kept = resolve("node_modules", ".cache", "bench");
  const version = hash.digest("hex").slice(0, 12);
  const folder = join(kept, version, String(groups));
  const complete = join(folder, "seeded");
  if (existsSync(complete)) return serve(kind, folder);
  for (const other of existsSync(kept) ? readdirSync(kept) : []) {
    if (other !== version) rmSync(join(kept, other), { recursive: true });
  }
  rmSync(folder, { recursive: true, force: true });
  const server = await serveSeeded(kind, folder, groups);
  writeFileSync(complete, "");
  return server;
}
