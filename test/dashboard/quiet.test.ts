import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { skip } from "../support/browser.ts";
import { newWorkspace, withDashboard } from "./dashboard.ts";

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

test("a group is asked for once a second at most", { skip }, async () => {
  const workspace = await newWorkspace();
  const group = await workspace.api.newGroup(2);
  await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page }) => {
    await page.clock.install();
    await page.reload();
    await page.getByRole("img", { name: "2 waiting, of 2 jobs" }).waitFor();
    let asked = 0;
    page.on("request", (request) => {
      if (new URL(request.url()).pathname === `/ocr-invoice-job-group/${group}`) asked++;
    });
    await page.clock.runFor(10_000);
    expect(asked).toBeLessThanOrEqual(10);
  });
});
