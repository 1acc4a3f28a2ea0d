import { expect, inject, test } from "vitest";
import { type Document, operationsOf } from "../../src/reference/openapi/operations.ts";
import type { Page, Response } from "playwright-core";
import { DEVELOPMENT_KEY } from "../support/dev-server.ts";
import { skip, watch, withPage } from "../support/browser.ts";

const url = inject("url");

/** Presses "Test Request" of an operation of the collection, changing nothing, and answers what was answered. */
async function testRequest(page: Page, method: string, summary: string): Promise<Response> {
  await page.getByRole("complementary").getByText(summary, { exact: true }).click();
  const name = `Test Request (${method} /ocr-invoice-job-group)`;
  await page.getByRole("button", { name }).click();
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().startsWith(`${url}/ocr-invoice-job-group`)),
    page.getByRole("button", { name: new RegExp(`^Send ${method} request`) }).click(),
  ]);
  return answer;
}

test("the reference shows every operation, and its test request reaches the API", { skip }, () =>
  withPage(async (page) => {
    const faults = watch(page, url);
    await page.setViewportSize({ width: 1440, height: 900 });
    const [spec] = await Promise.all([
      page.waitForResponse(`${url}/openapi.json`),
      page.goto(`${url}/docs`),
    ]);
    const operations = operationsOf((await spec.json()) as Document);
    const sidebar = page.getByRole("complementary");
    for (const { operation } of operations) {
      await sidebar.getByText(operation.summary, { exact: true }).waitFor();
    }
    await page.screenshot({ path: "dist/docs.png" });

    await page
      .getByPlaceholder(/^[A-Za-z0-9+/=]{20,}$/)
      .first()
      .fill(DEVELOPMENT_KEY);
    const list = await testRequest(page, "get", "List job groups");
    expect(list.url()).toBe(`${url}/ocr-invoice-job-group`);
    expect(list.status()).toBe(200);
    await page.getByText("200 OK").waitFor();
    expect(faults).toEqual([]);
  }),
);

test("a test request sends no option that nobody has ticked", { skip }, () =>
  withPage(async (page) => {
    await page.goto(`${url}/docs`);
    await page
      .getByPlaceholder(/^[A-Za-z0-9+/=]{20,}$/)
      .first()
      .fill(DEVELOPMENT_KEY);
    const created = await testRequest(page, "post", "Create a job group");
    expect(created.status()).toBe(201);
    expect(await created.request().headerValue("idempotency-key")).toBeNull();
  }),
);

test("the guide links each operation that it names to its place on the page", { skip }, () =>
  withPage(async (page) => {
    await page.goto(`${url}/docs`);
    await page.getByRole("link", { name: "createJobGroup", exact: true }).first().click();
    const { hash } = new URL(page.url());
    await page
      .locator(`[id$="${hash.slice(1)}"]`)
      .getByText("Create a job group")
      .first()
      .waitFor();
  }),
);

test.for(["/", "/problems", "/problems/lease-lost"])(
  "%s loads nothing from elsewhere and fits a narrow screen",
  { skip },
  (path) =>
    withPage(async (page) => {
      const faults = watch(page, url);
      await page.setViewportSize({ width: 360, height: 740 });
      await page.goto(url + path);
      const widths = await page.evaluate("[document.body.scrollWidth, innerWidth]");
      const [content = 0, screen = 0] = widths as number[];
      expect(content).toBeLessThanOrEqual(screen);
      const broken = `[...document.querySelectorAll("td code")].filter((code) => code.getClientRects().length > 1).length`;
      expect(await page.evaluate(broken)).toBe(0);
      expect(faults).toEqual([]);
    }),
);
