import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv, promisify } from "node:util";
import { developmentServer } from "../../src/cli/development-server.ts";
import { Client } from "./client.ts";
import { freePort } from "./port.ts";

const run = promisify(execFile);
/** CI keeps wrangler from asking questions. */
const env = { ...process.env, CI: "1" };
const wrangler = join("node_modules", ".bin", "wrangler");

const { ROOT_API_KEY = "" } = parseEnv(await readFile(".dev.vars.development", "utf8"));
/** The key that the development server takes. */
export const DEVELOPMENT_KEY = ROOT_API_KEY;

export interface DevServer {
  readonly url: string;
  readonly api: Client;
  /** Ends it and starts it again, on the same port and database. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * `npm run dev` on a free port, with a new database and the development key; `vars` go before its own.
 * `prepare` is handed the folder of the migrated database before the server starts.
 */
export async function startDevServer(
  vars: Record<string, string> = {},
  prepare: (folder: string) => void = () => {},
): Promise<DevServer> {
  const folder = await mkdtemp(join(tmpdir(), "job-groups-"));
  const store = ["--persist-to", folder];
  await run(wrangler, ["d1", "migrations", "apply", "DB", "--local", ...store], { env });
  prepare(folder);
  const port = await freePort();
  const ports = ["--port", String(port), "--inspector-port", "0"];
  const own = join(folder, "vars");
  await writeFile(
    own,
    Object.entries(vars)
      .map((pair) => `${pair.join("=")}\n`)
      .join(""),
  );
  const files = ["--env-file", ".dev.vars.development", "--env-file", own];
  const { url, args } = developmentServer([...ports, ...store, ...files]);
  const start = () => serve(args, url);
  let child = await start();
  return {
    url,
    api: new Client(url, DEVELOPMENT_KEY),
    async restart() {
      await end(child);
      child = await start();
    },
    async stop() {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function serve(args: readonly string[], url: string): Promise<ChildProcess> {
  const child = spawn(wrangler, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  }
  try {
    await healthy(`${url}/health`, child);
  } catch (error) {
    throw new Error(`the dev server did not start:\n${output.join("")}`, { cause: error });
  }
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  process.kill(-(child.pid ?? 0), "SIGTERM");
  await gone;
}

async function healthy(url: string, child: ChildProcess): Promise<void> {
  const limit = Date.now() + 60_000;
  while (child.exitCode === null && Date.now() < limit) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("no answer");
}
