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

/** Long enough for a slow test on a busy machine. */
const HANGS_AFTER_MS = 180_000;

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  success: boolean;
}

/** The tests of the Worker run in two projects: one notices a mutant as well as the other. */
function projectOf(file: string): string {
  if (file.startsWith("test/shards")) return "two-databases";
  if (/^test\/(server|dashboard)/.test(file)) return "server";
  return /^test\/(client|kit|reader)/.test(file) ? "unit" : "workers";
}

async function runTest({ killedBy: { file, test } }: Mutant): Promise<Report> {
  const config = file.startsWith("test/unit")
    ? ["--config", "test/mutants/vitest.config.ts"]
    : ["--project", projectOf(file)];
  const report = join(folder, "report.json");
  const args = ["run", file, "-t", test, ...config, "--reporter=json", "--outputFile", report];
  const vitest = join("node_modules", ".bin", "vitest");
  // A report of the run before must not be taken for this one's.
  await rm(report, { force: true });
  const options = { cwd: folder, timeout: HANGS_AFTER_MS, killSignal: "SIGKILL" } as const;
  try {
    await promisify(execFile)(vitest, args, options);
  } catch (error) {
    // A broken rule may leave its test in an endless loop: that is noticing, too.
    if ((error as { killed?: boolean }).killed) {
      return { numPassedTests: 0, numFailedTests: 1, success: false };
    }
  }
  return JSON.parse(await readFile(report, "utf8")) as Report;
}

/** Returns the reason why the mutant lives, or `null` when its test kills it. */
async function survival(mutant: Mutant): Promise<string | null> {
  const file = join(folder, mutant.file);
  const source = await readFile(file, "utf8");
  if (source.split(mutant.find).length !== 2) return "what it breaks is not there exactly once";
  const healthy = await runTest(mutant);
  if (!healthy.success || healthy.numPassedTests === 0) return "its test does not pass without it";
  await writeFile(
    file,
    source.replace(mutant.find, () => mutant.replace),
  );
  const broken = await runTest(mutant);
  await writeFile(file, source);
  return broken.numFailedTests > 0 ? null : "its test did not notice";
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
