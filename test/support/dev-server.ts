import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv, promisify } from "node:util";
import { Client } from "./client.ts";
import { freePort } from "./port.ts";

const run = promisify(execFile);
const wrangler = join("node_modules", ".bin", "wrangler");

const { ROOT_API_KEY = "" } = parseEnv(await readFile(".dev.vars.development", "utf8"));
/** The key that the development server takes. */
export const DEVELOPMENT_KEY = ROOT_API_KEY;

export interface DevServer {
  readonly url: string;
  readonly api: Client;
  stop(): Promise<void>;
}

/** `npm run dev` on a free port, with a new database and the development key; `vars` go before its own. */
export async function startDevServer(vars: Record<string, string> = {}): Promise<DevServer> {
  const folder = await mkdtemp(join(tmpdir(), "job-groups-"));
  const store = ["--persist-to", folder];
  const env = { ...process.env, CI: "1" };
  await run(wrangler, ["d1", "migrations", "apply", "DB", "--local", ...store], { env });
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
  const args = ["dev", ...ports, ...store, ...files];
  const child = spawn(wrangler, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  }
  const url = `http://localhost:${port}`;
  try {
    await healthy(`${url}/health`, child);
  } catch (error) {
    throw new Error(`the dev server did not start:\n${output.join("")}`, { cause: error });
  }
  return {
    url,
    api: new Client(url, DEVELOPMENT_KEY),
    async stop() {
      const gone = once(child, "exit");
      process.kill(-(child.pid ?? 0), "SIGTERM");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function healthy(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + 60_000;
  while (child.exitCode === null && Date.now() < end) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("no answer");
}
