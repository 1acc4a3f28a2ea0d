import { spawnSync } from "node:child_process";

import { parseArgs, promisify } from "node:util";
import { announcement, progress } from "./announcement.ts";
import { databasesOf } from "./databases.ts";

const USAGE = `Moves a workspace to another database, and waits until its new home answers.

  npm run move:workspace -- <workspace> <number> (--local | --remote) [--env staging] [--url http://localhost:8787]

The number is 0 for DB, 1 for DB_1 and so on. The workspace's writes get 503 while its rows are copied; reads and other
workspaces do not notice. The deployed Worker's Cron Trigger does the work, one run a minute, so this command may be
stopped and started again. With --local the server at --url is asked to run it.`;

const LOOK_MS = 5_000;
const wait = promisify(setTimeout);

function fail(...why: unknown[]): never {
  console.error(...why);
  process.exit(2);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        local: { type: "boolean", default: false },
        remote: { type: "boolean", default: false },
        env: { type: "string", default: process.env["CLOUDFLARE_ENV"] ?? "" },
        "persist-to": { type: "string" },
        url: { type: "string", default: "http://localhost:8787" },
      },
    });
  } catch {
    return fail(USAGE);
  }
}

const { values, positionals } = parse();
const [workspace, number] = positionals;
const { local, remote, env, url, "persist-to": folder } = values;
if (workspace === undefined || number === undefined || local === remote) fail(USAGE);
const databases = databasesOf(env);
const movesTo = Number(number);
if (!Number.isInteger(movesTo) || databases[movesTo] === undefined) {
  fail(`There is no database ${number}: wrangler.toml binds ${databases.join(", ")}.`);
}

interface Progress {
  readonly shard: number;
  readonly movesTo: number | null;
  readonly phase: string | null;
  readonly failure: string | null;
}

/** Asks the directory through wrangler, which is signed in to the account. */
function ask(sql: string): Progress | undefined {
  const where = local ? ["--local", ...(folder ? ["--persist-to", folder] : [])] : ["--remote"];
  const args = ["d1", "execute", "DB", ...where, `--env=${env}`, "--json", "--command", sql];
  const { status, stdout, stderr } = spawnSync("wrangler", args, { encoding: "utf8" });
  if (status !== 0) fail(stdout, stderr);
  const [answer] = JSON.parse(stdout) as { results: Progress[] }[];
  return answer?.results[0];
}

ask(announcement(workspace, movesTo, Date.now()));
for (let last = ""; ; await wait(LOOK_MS)) {
  if (local) await fetch(new URL("/cdn-cgi/handler/scheduled", url));
  const {
    shard = 0,
    movesTo: target = null,
    phase = null,
    failure = null,
  } = ask(progress(workspace)) ?? {};
  if (target === null && failure !== null) fail(`Not moved: ${failure}.`);
  if (target !== null && target !== movesTo) fail(`It is moving to ${target} already.`);
  const news =
    target === null || phase === "leaving" ? `lives in ${databases[shard]}` : String(phase);
  if (news !== last) console.log(`${workspace}: ${news}`);
  last = news;
  if (news.startsWith("lives")) break;
}
