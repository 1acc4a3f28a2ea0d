import { expect, test } from "vitest";
import { skip } from "../support/browser.ts";
import { newWorkspace, processJobs, violations, withDashboard } from "./dashboard.ts";

test(
  "a batch is created, filled, processed, retried and seen to its end, live",
  { skip },
  async () => {
    const workspace = await newWorkspace();
    await withDashboard(workspace, "/dashboard", async ({ page, faults }) => {
      await page.getByText("There are no groups yet.").waitFor();
      expect(page.url()).not.toContain(workspace.api.key);

      await page.getByRole("link", { name: "New group" }).click();
      await page.getByLabel("Name").fill("January invoices");
      await page.getByLabel("Template").fill("invoice-standard");
      await page.getByLabel("Tags").fill("january, suppliers");
      await page.getByRole("button", { name: "Create group" }).click();
      await page.getByRole("heading", { name: "January invoices" }).waitFor();
      const group = /groups\/([0-9a-f]{24})$/.exec(page.url())?.[1] ?? "";

      await page.getByRole("button", { name: "Add documents" }).click();
      const lines = Array.from({ length: 12 }, (_, n) => `invoice-${n + 1}.pdf`).join("\n");
      await page.getByText("By name or address").click();
      await page.getByRole("textbox", { name: "Documents" }).fill(lines);
      await page.getByRole("button", { name: "Add 12 documents" }).click();
      await page.getByRole("img", { name: "12 waiting, of 12 jobs" }).waitFor();

      await page.getByRole("button", { name: "Process", exact: true }).click();
      await page.getByRole("heading").getByText("Queued").waitFor();
      await processJobs(workspace.api, group, { complete: 4 });
      await page.getByRole("img", { name: "4 completed, 8 waiting, of 12 jobs" }).waitFor();

      await page.reload();
      await page.getByRole("img", { name: "4 completed, 8 waiting, of 12 jobs" }).waitFor();
      await processJobs(workspace.api, group, { complete: 5, fail: 3 });
      await page.getByRole("img", { name: "9 completed, 3 failed, of 12 jobs" }).waitFor();
      await page.getByRole("heading").getByText("Completed").waitFor();

      await page.getByRole("button", { name: "Retry failed…" }).click();
      await page.getByRole("button", { name: "Retry 3 jobs" }).click();
      await page.getByRole("img", { name: "9 completed, 3 waiting, of 12 jobs" }).waitFor();
      await processJobs(workspace.api, group, { complete: 3 });
      await page.getByRole("img", { name: "12 completed, of 12 jobs" }).waitFor();
      expect(faults).toEqual([]);
    });
  },
);

test("a group is paused and resumed, and says so in words", { skip }, async () => {
  const workspace = await newWorkspace();
  const group = await workspace.api.newGroup(2);
  await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page, faults }) => {
    await page.getByRole("button", { name: "Pause…" }).click();
    await page.getByLabel("Reason").fill("Wrong template");
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByText("Wrong template").waitFor();
    await page.getByText(/^\s*Paused/).waitFor();
    expect(await workspace.api.claim(group, 1)).toEqual([]);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText(/^\s*Paused/).waitFor({ state: "detached" });
    await workspace.api.data("POST", `/ocr-invoice-job-group/${group}/pause`, {
      reason: "The OCR provider is down",
    });
    await page.getByText("The OCR provider is down").waitFor();
    await workspace.api.data("POST", `/ocr-invoice-job-group/${group}/resume`);
    await processJobs(workspace.api, group, { complete: 1, fail: 1 });
    await page.getByRole("heading").getByText("Partly completed").waitFor();
    expect(faults).toEqual([]);
  });
});

test("a cancel says how many jobs it ends, and asks before", { skip }, async () => {
  const workspace = await newWorkspace();
  const group = await workspace.api.newGroup(5);
  await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page, faults }) => {
    await page.getByRole("button", { name: "Cancel…" }).click();
    await page.getByRole("dialog", { name: "Cancel this group?" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await workspace.api.data("GET", `/ocr-invoice-job-group/${group}`)).toMatchObject({
      status: "queued",
    });
    await page.getByRole("button", { name: "Cancel…" }).click();
    await page.getByRole("button", { name: "Cancel 5 jobs" }).click();
    await page.getByRole("heading").getByText("Cancelled").waitFor();
    await page.getByRole("img", { name: "5 cancelled, of 5 jobs" }).waitFor();
    expect(faults).toEqual([]);
  });
});

test("a job tells how its attempts ended, and what they cost", { skip }, async () => {
  const workspace = await newWorkspace();
  const { api } = workspace;
  const group = await api.newGroup(1);
  const report = async (how: string, fields: object) => {
    const [{ jobId, leaseId }] = await api.claim(group, 1);
    const path = `/ocr-invoice-job-group/${group}/jobs/${jobId}/${how}`;
    return api.data("POST", path, { leaseId, ...fields });
  };
  await report("release", { reason: "429, in a minute" });
  await report("fail", {
    error: "page 2 is blank",
    errorCode: "scan.blank",
    retryable: false,
    cost: 0.25,
  });
  await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page, faults }) => {
    await page.getByRole("link", { name: "invoice-1.pdf" }).click();
    const attempts = page.getByRole("complementary").getByRole("list").getByRole("listitem");
    await attempts.filter({ hasText: "429, in a minute" }).getByText("Given back").waitFor();
    await attempts.filter({ hasText: "scan.blank" }).getByText("$0.25").waitFor();
    await page.getByText("1 time", { exact: true }).waitFor();
    expect(await attempts.count()).toBe(2);
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

test("a job opens beside the list with its result, and closes by Escape", { skip }, async () => {
  const workspace = await newWorkspace();
  const group = await workspace.api.newGroup(3);
  await processJobs(workspace.api, group, { complete: 1, fail: 1 });
  await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page, faults }) => {
    await page.getByRole("link", { name: "invoice-1.pdf" }).click();
    const panel = page.getByRole("complementary", { name: "invoice-1.pdf" });
    await panel.getByText("Nordwind Papier").waitFor();
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Failed 1" }).click();
    await page.getByRole("row").filter({ hasText: "unreadable" }).waitFor();
    expect(await page.getByRole("link", { name: /^invoice-/ }).count()).toBe(1);
    expect(faults).toEqual([]);
  });
});
