import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { skip } from "../support/browser.ts";
import type { Client } from "../support/client.ts";
import { newWorkspace, overflows, processJobs, violations, withDashboard } from "./dashboard.ts";

async function failJobs(api: Client, group: string, ...codes: string[]): Promise<void> {
  for (const errorCode of codes) {
    const [{ jobId, leaseId }] = await api.claim(group, 1);
    const path = `/ocr-invoice-job-group/${group}/jobs/${jobId}/fail`;
    const error = `${errorCode}: the scan cannot be read`;
    await api.data("POST", path, { leaseId, error, errorCode, retryable: false });
  }
}

async function downloaded(page: Page): Promise<{ name: string; text: string }> {
  const saved = page.waitForEvent("download");
  await page.getByRole("dialog").getByRole("button", { name: "Download" }).click();
  const download = await saved;
  return {
    name: download.suggestedFilename(),
    text: await readFile(await download.path(), "utf8"),
  };
}

test(
  "failed jobs are counted by code, and those of one code are run again after the API has counted them",
  { skip },
  async () => {
    const workspace = await newWorkspace();
    const { api } = workspace;
    const group = await api.newGroup(5);
    await failJobs(api, group, "scan.blank", "scan.blank", "no_total");
    await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page, faults }) => {
      const errors = page.getByRole("region", { name: "Errors" });
      const blank = errors.getByRole("listitem").filter({ hasText: "scan.blank" });
      await blank.getByText("2", { exact: true }).waitFor();
      await blank.getByText("scan.blank: the scan cannot be read").waitFor();
      expect(await violations(page)).toEqual([]);
      await blank.getByRole("button", { name: /Retry.*scan\.blank/ }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Retry 2 jobs" }).waitFor();
      await dialog.getByLabel("no_total").check();
      await dialog.getByRole("button", { name: "Retry 3 jobs" }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: "dist/screenshots/retry.png" });
      await dialog.getByLabel("no_total").uncheck();
      await dialog.getByRole("button", { name: "Retry 2 jobs" }).click();
      await page.getByRole("img", { name: "1 failed, 4 waiting, of 5 jobs" }).waitFor();
      await blank.waitFor({ state: "detached" });
      await errors.getByRole("link", { name: "Example of no_total" }).click();
      await page.getByRole("complementary").getByText("no_total").first().waitFor();
      expect(faults).toEqual([]);
    });
  },
);

test(
  "results are saved as CSV, with the columns that the first one has, and as NDJSON",
  { skip },
  async () => {
    const workspace = await newWorkspace();
    const group = await workspace.api.newGroup(3, { name: "January" });
    await processJobs(workspace.api, group, { complete: 2, fail: 1 });
    await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page, faults }) => {
      await page.getByRole("button", { name: "Results" }).click();
      const columns = page.getByLabel("Columns of the extracted data");
      await expect.poll(() => columns.inputValue()).toBe("/invoiceNumber,/vendor,/total");
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: "dist/screenshots/download.png" });
      const csv = await downloaded(page);
      expect(csv.name).toBe("January.csv");
      expect(csv.text.startsWith("\uFEFFjobId,")).toBe(true);
      const rows = csv.text.split("\r\n");
      expect(rows[1]).toMatch(/,2026-0,Nordwind Papier,119$/);
      expect(rows).toHaveLength(5);
      await page.getByRole("button", { name: "Results" }).click();
      await page.getByLabel("NDJSON").check();
      const ndjson = await downloaded(page);
      expect(ndjson.name).toBe("January.ndjson");
      expect(
        ndjson.text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line).status),
      ).toEqual(["completed", "completed", "failed"]);
      expect(faults).toEqual([]);
    });
  },
);

test("a pointer that is none is refused in the API's words", { skip }, async () => {
  const workspace = await newWorkspace();
  const group = await workspace.api.newGroup(1);
  await processJobs(workspace.api, group, { complete: 1 });
  await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page }) => {
    await page.getByRole("button", { name: "Results" }).click();
    await page.getByLabel("Columns of the extracted data").fill("total");
    await page.getByRole("dialog").getByRole("button", { name: "Download" }).click();
    await page.getByRole("alert").getByText("must be JSON pointers").first().waitFor();
  });
});

test(
  "an ended group is deleted after a question, and the list shows the others",
  { skip },
  async () => {
    const workspace = await newWorkspace();
    const group = await workspace.api.newGroup(1, { name: "Old" });
    await workspace.api.newGroup(1, { name: "New" });
    await processJobs(workspace.api, group, { complete: 1 });
    await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page, faults }) => {
      await page.getByRole("button", { name: "Delete…" }).click();
      expect(await overflows(page)).toBe(false);
      await page.getByRole("button", { name: "Delete 1 job" }).click();
      await page.getByRole("link", { name: "New", exact: true }).waitFor();
      expect(await page.getByRole("link", { name: "Old" }).count()).toBe(0);
      expect(faults).toEqual([]);
    });
  },
);
