import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

export const BASE = "/ocr-invoice-job-group";
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
 * `vars` go before them.
 */
export async function buildWorker(
  folder: string,
  { entry = "src/index.ts", vars = {} }: { entry?: string; vars?: object } = {},
): Promise<void> {
  const wrangler = join("node_modules", ".bin", "wrangler");
  process.env["WRANGLER_LOG"] = "error";
  await run(wrangler, ["deploy", entry, "--dry-run", "--outdir", join(folder, "bundle")]);
  const { unstable_getMiniflareWorkerOptions: optionsOf } = await import("wrangler");
  const {
    assets: _assets,
    ratelimits: _limits,
    modulesRules: _rules,
    ...worker
  } = optionsOf("wrangler.toml").workerOptions;
  const options = {
    ...worker,
    name: "crash",
    modules: [{ type: "ESModule", path: join(folder, "bundle", `${parse(entry).name}.js`) }],
    modulesRoot: "/",
    bindings: { ...(worker["bindings"] as object), ROOT_API_KEY: KEY, ...vars },
  };
  writeFileSync(join(folder, "options.json"), JSON.stringify(options));
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export interface Server {
  readonly url: string;
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
  const server = { url: `http://127.0.0.1:${port}`, ready, kill, memory: () => memoryOf(group) };
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

// oxlint-disable-next-line typescript/no-explicit-any -- answers are checked by what is done with them
export type Json = any;

export interface Answer {
  /** The server that gave it. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** One request, below the groups' path if not to webhooks, sent once. Throws when there is no whole answer. */
export async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url + (path.startsWith("/webhook") ? path : BASE + path), {
    method,
    headers: { ...HEADERS, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  });
  const { status, headers: answered } = response;
  return { url, status, headers: answered, body: await response.json() };
}

/** The data of an answer that must have succeeded. */
export async function data(...request: Parameters<typeof call>): Promise<Json> {
  const { status, body } = await call(...request);
  if (status >= 300) throw new Error(`${request[1]} ${request[2]}: ${JSON.stringify(body)}`);
  return body.data;
}

export interface Repeats {
  unanswered: number;
  unavailable: number;
}

/** Sends until there is an answer other than 503, as a client does that was promised a repeat is safe. */
export async function insist(send: () => Promise<Answer>, repeats: Repeats): Promise<Answer> {
  for (const end = Date.now() + ANSWER_LIMIT_MS; ;) {
    const answer = await send().catch(() => undefined);
    if (answer !== undefined && answer.status !== 503) return answer;
    if (answer === undefined) repeats.unanswered++;
    else repeats.unavailable++;
    if (Date.now() > end) throw new Error("no answer for two minutes");
    await sleep(answer === undefined ? 200 : 20 + Math.random() * 80);
  }
}

/** Numbers in [0, 1) that only the seed decides (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Prints the figures; any of `mustBeZero` that is not makes the process end with 1. */
export function conclude(figures: Record<string, number>, mustBeZero: Record<string, number>) {
  console.table({ ...figures, ...mustBeZero });
  const violated = Object.entries(mustBeZero).filter(([, count]) => count !== 0);
  console.log(
    violated.length === 0 ? "PASS" : `FAIL: ${violated.map(([name]) => name).join(", ")}`,
  );
  process.exitCode = violated.length === 0 ? 0 : 1;
}
