import { expect, inject, test } from "vitest";
import { type Document, operationsOf } from "../../src/reference/openapi/operations.ts";
import type { Page } from "playwright-core";
import { DEVELOPMENT_KEY } from "../support/dev-server.ts";
import { chromiumPath, withPage } from "./browser.ts";

const url = inject("url");
const skip = chromiumPath === undefined && process.env["CI"] === undefined;
if (skip) console.warn("No Chromium is installed: the pages are not tested in a browser.");

/** Collects what a page must not do: ask another host for anything, or complain. */
function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== url) {
      faults.push(`asks ${request.url()}`);
    }
  });
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  return faults;
}

test("the reference shows every operation, and its test request reaches the API", { skip }, () =>
  withPage(async (page) => {
    const faults = watch(page);
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

    await sidebar.getByText("List job groups").click();
    await page
      .getByPlaceholder(/^[A-Za-z0-9+/=]{20,}$/)
      .first()
      .fill(DEVELOPMENT_KEY);
    await page.getByRole("button", { name: "Test Request (get /ocr-invoice-job-group)" }).click();
    const [answer] = await Promise.all([
      page.waitForResponse((response) =>
        response.url().startsWith(`${url}/ocr-invoice-job-group?`),
      ),
      page.getByRole("button", { name: /^Send get request/ }).click(),
    ]);
    expect(answer.status()).toBe(200);
    await page.getByText("200 OK").waitFor();
    expect(faults).toEqual([]);
  }),
);

test.for(["/", "/problems", "/problems/lease-lost"])(
  "%s loads nothing from elsewhere and fits a narrow screen",
  { skip },
  (path) =>
    withPage(async (page) => {
      const faults = watch(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await page.goto(url + path);
      const widths = await page.evaluate("[document.body.scrollWidth, innerWidth]");
      const [content = 0, screen = 0] = widths as number[];
      expect(content).toBeLessThanOrEqual(screen);
      expect(faults).toEqual([]);
    }),
);
