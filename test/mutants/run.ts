// Breaks one rule at a time in a copy of the project and runs the test that must notice.
// Usage: npm run test:mutants [-- part of a mutant's name]
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Mutant } from "./mutant.ts";
import { MUTANTS } from "./mutants.ts";

const COPIED = ["src", "test", "migrations", "dist", "package.json", "tsconfig.json"];
const CONFIGS = ["wrangler.toml", "vitest.config.ts", ".dev.vars.development"];

const folder = await mkdtemp(join(tmpdir(), "mutants-"));
process.on("exit", () => void rm(folder, { recursive: true, force: true }));
for (const path of [...COPIED, ...CONFIGS]) await cp(path, join(folder, path), { recursive: true });
await symlink(resolve("node_modules"), join(folder, "node_modules"));

/** Long enough for the tests of one name on a busy machine. */
const HANGS_AFTER_MS = 180_000;

/** The status of each test by its full name. */
type Statuses = readonly (readonly [fullName: string, status: string])[];

interface Report {
  testResults: { assertionResults: { fullName: string; status: string }[] }[];
}

/** The tests of the Worker run in two projects: one notices a mutant as well as the other. */
function projectOf(file: string): string {
  if (file.startsWith("test/shards")) return "two-databases";
  if (/^test\/(server|dashboard)/.test(file)) return "server";
  return /^test\/(client|kit|reader)/.test(file) ? "unit" : "workers";
}

/** Runs a file's tests, or those of one name. `null` when these do not end. */
async function runTests(file: string, test?: string): Promise<Statuses | null> {
  const config = file.startsWith("test/unit")
    ? ["--config", "test/mutants/vitest.config.ts"]
    : ["--project", projectOf(file)];
  const named = test === undefined ? [] : ["-t", test];
  const report = join(folder, "report.json");
  const args = ["run", file, ...named, ...config, "--reporter=json", "--outputFile", report];
  const vitest = join("node_modules", ".bin", "vitest");
  // A report of the run before must not be taken for this one's.
  await rm(report, { force: true });
  const timeout = test === undefined ? 0 : HANGS_AFTER_MS;
  const options = { cwd: folder, timeout, killSignal: "SIGKILL" } as const;
  try {
    await promisify(execFile)(vitest, args, options);
  } catch (error) {
    if ((error as { killed?: boolean }).killed) return null;
  }
  const { testResults } = JSON.parse(await readFile(report, "utf8")) as Report;
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status }) => [fullName, status] as const),
  );
}

/** The tests of each file with nothing broken, which are run once. */
const healthy = new Map<string, Promise<Statuses | null>>();

async function passesUnbroken({ file, test }: Mutant["killedBy"]): Promise<boolean> {
  const run = healthy.get(file) ?? runTests(file);
  healthy.set(file, run);
  const named = ((await run) ?? []).filter(([fullName]) => new RegExp(test).test(fullName));
  return named.length > 0 && named.every(([, status]) => status === "passed");
}

/** Returns the reason why the mutant lives, or `null` when its test kills it. */
async function survival(mutant: Mutant): Promise<string | null> {
  const file = join(folder, mutant.file);
  const source = await readFile(file, "utf8");
  if (source.split(mutant.find).length !== 2) return "what it breaks is not there exactly once";
  if (!(await passesUnbroken(mutant.killedBy))) return "its test does not pass without it";
  await writeFile(
    file,
    source.replace(mutant.find, () => mutant.replace),
  );
  const broken = await runTests(mutant.killedBy.file, mutant.killedBy.test);
  await writeFile(file, source);
  // A broken rule may leave its test in an endless loop: that is noticing, too.
  const isNoticed = broken === null || broken.some(([, status]) => status === "failed");
  return isNoticed ? null : "its test did not notice";
}

const only = process.argv[2] ?? "";
const chosen = MUTANTS.filter(({ name }) => name.includes(only));
let killed = 0;
for (const mutant of chosen) {
  const why = await survival(mutant);
  if (why === null) killed++;
  console.log(why === null ? `killed    ${mutant.name}` : `SURVIVED  ${mutant.name}: ${why}`);
}
console.log(`${killed} of ${chosen.length} mutants killed`);
process.exit(killed === chosen.length && killed > 0 ? 0 : 1);
