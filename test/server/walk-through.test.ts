import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";

test("the README's walk-through ends with 150 jobs: 120 completed, 10 failed, 20 pending", async () => {
  const readme = await readFile("README.md", "utf8");
  const script = /^## Walk-through$.*?^```sh$(.*?)^```$/ms.exec(readme)?.[1] ?? "";
  const here = script.replace("http://localhost:8787", inject("url"));
  expect(here).not.toBe(script);
  const { stdout } = await promisify(execFile)("bash", ["-eu", "-c", here]);
  expect(stdout).toMatch(/^150\nqueued\n/);
  for (const line of [
    "totalJobs: 150",
    "completedJobs: 120",
    "pendingJobs: 20",
    "failedJobs: 10",
  ]) {
    expect(stdout).toContain(line);
  }
}, 120_000);
