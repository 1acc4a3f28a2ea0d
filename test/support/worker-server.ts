import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { promisify } from "node:util";
import { Client } from "./client.ts";
import { workerOptions } from "./worker-options.ts";

const KEY = "crash-root-key-0123456789-0123456789";
export const HEADERS = { "api-key": KEY, "content-type": "application/json" };
const START_LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 120_000;
const run = promisify(execFile);

/** A folder for all that a run leaves behind; gone when the process is. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "job-groups-crash-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/**
 * Bundles the Worker as a deployment would, and writes down what wrangler.toml makes of its bindings;
 * `vars` go before them. Databases beyond the first are bound as `DB_1` and so on.
 */
export async function buildWorker(
  folder: string,
  {
    entry = "src/index.ts",
    vars = {},
    databases = 1,
  }: { entry?: string; vars?: object; databases?: number } = {},
): Promise<void> {
  const wrangler = join("node_modules", ".bin", "wrangler");
  process.env["WRANGLER_LOG"] = "error";
  await run(wrangler, ["deploy", entry, "--dry-run", "--outdir", join(folder, "bundle")]);
  const {
    assets: _assets,
    ratelimits: _limits,
    modulesRules: _rules,
    ...worker
  } = workerOptions().worker;
  const options = {
    ...worker,
    name: "crash",
    d1Databases: { DB: "db", ...moreDatabases(databases) },
    modules: [{ type: "ESModule", path: join(folder, "bundle", `${parse(entry).name}.js`) }],
    modulesRoot: "/",
    bindings: { ...worker.bindings, ROOT_API_KEY: KEY, DOCUMENT_URL_SECRET: KEY, ...vars },
  };
  writeFileSync(join(folder, "options.json"), JSON.stringify(options));
}

const moreDatabases = (databases: number) =>
  Object.fromEntries(
    Array.from({ length: databases - 1 }, (_, index) => [`DB_${index + 1}`, `db-${index + 1}`]),
  );

export interface Server {
  readonly url: string;
  readonly api: Client;
  /** Resolves when it answers requests; rejects when it ended first. */
  readonly ready: Promise<void>;
  /** Ends Node and workerd at once, with no chance to finish or to flush anything. */
  kill(): Promise<void>;
  /** Resident memory of workerd, in bytes. */
  memory(): Promise<number>;
}

/** A server has a process group of its own, so nothing but this ends it with its parent. */
const running = new Set<Server>();
process.on("exit", () => running.forEach((server) => void server.kill()));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

/** Starts the Worker on workerd; D1 and Durable Objects live in `<folder>/state`. */
export function startServer(folder: string, port: number): Server {
  const args = ["test/support/worker-process.ts", folder, String(port)];
  const env = { ...process.env, TMPDIR: folder };
  const child = spawn(process.execPath, args, { env, detached: true });
  const gone = once(child, "exit");
  const output: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const ready = new Promise<void>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`the server ${why}:\n${output.join("")}`));
    const timer = setTimeout(fail, START_LIMIT_MS, "did not start in time");
    void gone.then(() => fail("ended"));
    child.stdout.on("data", (chunk: Buffer) => {
      if (!chunk.toString().includes("ready")) return;
      clearTimeout(timer);
      resolve();
    });
    void gone.then(() => clearTimeout(timer));
  });
  // A server killed while it starts is not waited for.
  ready.catch(() => undefined);
  const group = child.pid ?? 0;
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-group, "SIGKILL");
    await gone;
  };
  const url = `http://127.0.0.1:${port}`;
  const api = new Client(url, KEY, (request) =>
    fetch(request, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }),
  );
  const server = { url, api, ready, kill, memory: () => memoryOf(group) };
  running.add(server);
  void gone.then(() => running.delete(server));
  return server;
}

async function memoryOf(processGroup: number): Promise<number> {
  const { stdout } = await run("ps", ["-eo", "pgid=,rss=,comm="]);
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  const row = rows.find(([pgid, , name]) => pgid === String(processGroup) && name === "workerd");
  return Number(row?.[1] ?? Number.NaN) * 1024;
}
