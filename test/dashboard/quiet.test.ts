import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { skip } from "../support/browser.ts";
import { newWorkspace, processJobs, withDashboard } from "./dashboard.ts";

const hide = (page: Page, hidden: boolean) =>
  page.evaluate(`{
    Object.defineProperty(document, "hidden", { configurable: true, get: () => ${hidden} });
    document.dispatchEvent(new Event("visibilitychange"));
  }`);

test(
  "a page in the background asks for nothing, and is up to date when it is looked at",
  { skip },
  async () => {
    const workspace = await newWorkspace();
    const group = await workspace.api.newGroup(2);
    await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page, faults }) => {
      await page.getByRole("img", { name: "2 waiting, of 2 jobs" }).waitFor();
      await page.clock.install();
      await page.reload();
      await page.getByRole("img", { name: "2 waiting, of 2 jobs" }).waitFor();
      await hide(page, true);
      await page.waitForLoadState("networkidle");
      const requested: string[] = [];
      page.on("request", (request) => requested.push(request.url()));
      await page.clock.runFor(120_000);
      expect(requested).toEqual([]);
      await workspace.api.data("POST", `/ocr-invoice-job-group/${group}/cancel`);
      await hide(page, false);
      await page.getByRole("img", { name: "2 cancelled, of 2 jobs" }).waitFor();
      expect(faults).toEqual([]);
    });
  },
);

test("a group that moves is watched by one stream and never asked for", { skip }, async () => {
  const workspace = await newWorkspace();
  const group = await workspace.api.newGroup(3);
  await withDashboard(workspace, "/dashboard", async ({ page, faults }) => {
    const path = `/ocr-invoice-job-group/${group}`;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(new URL(`/dashboard/groups/${group}`, page.url()).href);
    await page.getByRole("img", { name: "3 waiting, of 3 jobs" }).waitFor();
    for (const done of [1, 2]) {
      await processJobs(workspace.api, group, { complete: 1 });
      const name = `${done} completed, ${3 - done} waiting, of 3 jobs`;
      await page.getByRole("img", { name }).waitFor();
    }
    expect(asked.filter((one) => one === `${path}/events`)).toHaveLength(1);
    expect(asked.filter((one) => one === path)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

test(
  "a stream that the server closes goes on where it was, and sends nothing again",
  { skip },
  async () => {
    const workspace = await newWorkspace();
    const group = await workspace.api.newGroup(1);
    await processJobs(workspace.api, group, { complete: 1 });
    await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page, faults }) => {
      const again = page.waitForResponse(
        (response) => response.url().endsWith("/events") && response.status() === 204,
      );
      await page.getByRole("img", { name: "1 completed, of 1 job" }).waitFor();
      expect((await again).request().headers()["last-event-id"]).toMatch(/^[0-9a-f]{16}$/);
      await workspace.api.data("POST", `/ocr-invoice-job-group/${group}/jobs`, {
        jobs: [{ documentName: "late.pdf" }],
      });
      await page.getByRole("img", { name: "1 completed, 1 waiting, of 2 jobs" }).waitFor();
      expect(faults).toEqual([]);
    });
  },
);
