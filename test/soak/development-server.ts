import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { parseEnv } from "node:util";
import { readFileSync } from "node:fs";
import { Client } from "../support/client.ts";
import { freePort } from "../support/port.ts";

const START_LIMIT_MS = 120_000;
const ANSWER_LIMIT_MS = 60_000;

export interface DevelopmentServer {
  readonly url: string;
  readonly api: Client;
  /** All that it has printed. */
  readonly output: string[];
  isRunning(): boolean;
  stop(): Promise<void>;
}

/** `npm run dev`, as a newcomer starts it but for the port and the folder of its database. */
export async function npmRunDev(folder: string): Promise<DevelopmentServer> {
  const port = await freePort();
  const args = ["--port", String(port), "--persist-to", folder, "--inspector-port", "0"];
  const child = spawn("npm", ["run", "dev", "--", ...args], {
    env: { ...process.env, CI: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  }
  process.on("exit", () => end(child));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
  const url = `http://localhost:${port}`;
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  await ready(url, isRunning).catch((cause: unknown) => {
    throw new Error(`npm run dev did not start:\n${output.join("")}`, { cause });
  });
  const { ROOT_API_KEY = "" } = parseEnv(readFileSync(".dev.vars", "utf8"));
  const api = new Client(url, ROOT_API_KEY, (request) =>
    fetch(request, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }),
  );
  const stop = async () => {
    const gone = once(child, "exit");
    end(child);
    if (isRunning()) await gone;
  };
  return { url, api, output, isRunning, stop };
}

/** npm, wrangler and workerd are one process group. */
function end(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  process.kill(-child.pid, "SIGTERM");
}

async function ready(url: string, isRunning: () => boolean): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS;
  while (isRunning() && Date.now() < limit) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("no answer");
}
