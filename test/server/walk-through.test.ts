import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, onTestFinished, test } from "vitest";

test("the README's walk-through uploads 150 files and ends with 120 completed, 10 failed, 20 pending, and a CSV", async () => {
  const readme = await readFile("README.md", "utf8");
  const script = /^## Walk-through$.*?^```sh$(.*?)^```$/ms.exec(readme)?.[1] ?? "";
  const here = script.replace("http://localhost:8787", inject("url"));
  expect(here).not.toBe(script);
  const cwd = await mkdtemp(join(tmpdir(), "walk-through-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const { stdout } = await promisify(execFile)("bash", ["-eu", "-c", here], { cwd });
  expect(stdout).toMatch(/^201\n201\nqueued\n/);
  for (const line of [
    "totalJobs: 150",
    "completedJobs: 120",
    "pendingJobs: 20",
    "failedJobs: 10",
  ]) {
    expect(stdout).toContain(line);
  }
  const csv = await readFile(join(cwd, "results.csv"), "utf8");
  expect(csv.trim().split("\r\n")).toHaveLength(131);
  expect(csv).toMatch(/,invoice-1\.pdf,completed,.*,119\r\n/);
}, 120_000);
