import { expect, test } from "vitest";
import { skip } from "../support/browser.ts";
import { newWorkspace, processJobs, violations, withDashboard } from "./dashboard.ts";

test(
  "the jobs that failed with a code are shown from the errors, from the filter and from the address",
  { skip },
  async () => {
    const { api, ...workspace } = await newWorkspace();
    const group = await api.newGroup(6);
    for (const errorCode of ["scan.blank", "no_total", "scan.blank"]) {
      const [{ jobId, leaseId }] = await api.claim(group, 1);
      const path = `/ocr-invoice-job-group/${group}/jobs/${jobId}/fail`;
      await api.data("POST", path, { leaseId, error: "bad", errorCode, retryable: false });
    }
    const path = `/dashboard/groups/${group}`;
    await withDashboard({ api, ...workspace }, path, async ({ page, faults }) => {
      const names = async () => page.getByRole("link", { name: /^invoice-/ }).allTextContents();
      await page.getByRole("link", { name: "scan.blank", exact: true }).click();
      await expect.poll(names).toEqual(["invoice-1.pdf", "invoice-3.pdf"]);
      expect(await violations(page)).toEqual([]);
      await page.getByRole("link", { name: "invoice-3.pdf" }).click();
      await page.keyboard.press("Escape");
      await page.reload();
      await expect.poll(names).toEqual(["invoice-1.pdf", "invoice-3.pdf"]);
      await page.getByLabel("Error code").selectOption("no_total");
      await expect.poll(names).toEqual(["invoice-2.pdf"]);
      await api.data("POST", `/ocr-invoice-job-group/${group}/retry`, { errorCodes: ["no_total"] });
      await page.getByText("No jobs here.").waitFor();
      await page.getByRole("link", { name: "All 6" }).click();
      await expect.poll(names).toHaveLength(6);
      expect(faults).toEqual([]);
    });
  },
);

test("chosen jobs are cancelled after a question, and the others go on", { skip }, async () => {
  const workspace = await newWorkspace();
  const group = await workspace.api.newGroup(5);
  await processJobs(workspace.api, group, { complete: 1 });
  await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page, faults }) => {
    await page.getByLabel("Choose invoice-2.pdf").check();
    await page.getByLabel("Choose invoice-4.pdf").check();
    expect(await page.getByLabel("Choose invoice-1.pdf").count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Cancel 2 jobs…" }).click();
    const dialog = page.getByRole("dialog", { name: "Cancel 2 jobs?" });
    await dialog.getByRole("button", { name: "Keep them" }).click();
    await page.getByRole("button", { name: "Cancel 2 jobs…" }).click();
    await dialog.getByRole("button", { name: "Cancel 2 jobs" }).click();
    await page.getByRole("img", { name: "1 completed, 2 waiting, 2 cancelled" }).waitFor();
    await page.getByText("2 jobs chosen").waitFor({ state: "detached" });
    expect(faults).toEqual([]);
  });
});

test(
  "one job is cancelled or run again from beside the list, and a refusal is in the API's words",
  { skip },
  async () => {
    const workspace = await newWorkspace();
    const { api } = workspace;
    const group = await api.newGroup(3);
    await processJobs(api, group, { complete: 1 });
    await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page }) => {
      const panel = page.getByRole("complementary");
      await page.getByRole("link", { name: "invoice-1.pdf" }).click();
      await panel.getByRole("button", { name: "Run again…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Run it again" }).click();
      await page.getByRole("img", { name: "3 waiting, of 3 jobs" }).waitFor();
      await page.getByRole("link", { name: "invoice-2.pdf" }).click();
      await panel.getByRole("button", { name: "Cancel this job…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Cancel 1 job" }).click();
      await page.getByRole("img", { name: "2 waiting, 1 cancelled, of 3 jobs" }).waitFor();
      await page.getByRole("link", { name: "invoice-3.pdf" }).click();
      await panel.getByRole("button", { name: "Cancel this job…" }).click();
      await processJobs(api, group, { complete: 2 });
      await page.getByRole("dialog").getByRole("button", { name: "Cancel 1 job" }).click();
      const refusal = page.getByRole("region", { name: "Jobs" }).getByRole("alert");
      await refusal.getByRole("link", { name: /GROUP_FINISHED|NOTHING_TO_CANCEL/ }).waitFor();
    });
  },
);
