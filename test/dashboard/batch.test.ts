import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SCOPES } from "../../src/domain/api-key.ts";
import { makeSamples } from "../../src/processor/samples/make-samples.ts";
import { skip, watch, withPage } from "../support/browser.ts";
import { Client } from "../support/client.ts";
import { type DevServer, startDevServer } from "../support/dev-server.ts";
import { drop, processJobs } from "./dashboard.ts";

const FILES = 12;
/** Complaints of the browser about a server that is away or refuses a key that was revoked. */
const EXPECTED =
  /ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|network error|status of (401|5\d\d)/;

let server: DevServer | undefined;
const files: { name: string; buffer: Buffer }[] = [];
beforeAll(async () => {
  if (skip) return;
  server = await startDevServer();
  for await (const { name, bytes } of makeSamples({ count: 3 })) {
    for (let copy = 0; copy < FILES / 3; copy++) {
      files.push({ name: `${copy}-${name}`, buffer: Buffer.from(bytes) });
    }
  }
}, 90_000);
afterAll(() => server?.stop());

test(
  "a batch goes from a folder of files to a CSV, through a pause, a reload, a restart, failures and a retry",
  { skip, timeout: 240_000 },
  () =>
    withPage(async (page) => {
      if (server === undefined) return;
      const { url } = server;
      const minted = await server.api.data("POST", "/api-key", { name: "Tester", scopes: SCOPES });
      const api = new Client(url, minted.key);
      const faults = watch(page, url);
      const bar = (name: string) => page.getByRole("img", { name }).waitFor();

      await page.goto(`${url}/dashboard`);
      await page.getByLabel("API key").fill(minted.key);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("link", { name: "New group" }).click();
      await page.getByLabel("Name").fill("January invoices");
      await page.getByLabel("Template").fill("invoice-standard");
      await page.getByRole("button", { name: "Create group" }).click();
      await page.getByRole("button", { name: "Add documents" }).waitFor();
      const group = /groups\/([0-9a-f]{24})$/.exec(page.url())?.[1] ?? "";

      await drop(page, files);
      await page.getByText(`${FILES} of ${FILES} files stored`).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Process", exact: true }).click();
      await page.getByRole("heading").getByText("Queued").waitFor();
      await processJobs(api, group, { complete: 2 });
      await bar("2 completed, 10 waiting, of 12 jobs");

      await page.getByRole("button", { name: "Pause…" }).click();
      await page.getByRole("button", { name: "Pause", exact: true }).click();
      await page.getByRole("button", { name: "Resume" }).waitFor();
      expect(await api.claim(group, 1)).toEqual([]);
      await page.reload();
      await page.getByRole("button", { name: "Resume" }).click();
      await processJobs(api, group, { complete: 2 });
      await bar("4 completed, 8 waiting, of 12 jobs");

      await server.restart();
      await processJobs(api, group, { complete: 5, fail: 3 });
      await bar("9 completed, 3 failed, of 12 jobs");
      await page.getByText("Live", { exact: true }).waitFor();
      await page.getByRole("heading").getByText("Partly completed").waitFor();
      await page.getByRole("button", { name: "Retry failed…" }).click();
      await page.getByRole("button", { name: "Retry 3 jobs" }).click();
      await bar("9 completed, 3 waiting, of 12 jobs");
      await processJobs(api, group, { complete: 3 });
      await bar("12 completed, of 12 jobs");
      expect(await api.data("GET", `/ocr-invoice-job-group/${group}`)).toMatchObject({
        outcome: "succeeded",
      });

      await page.getByRole("button", { name: "Results" }).click();
      const saved = page.waitForEvent("download");
      await page.getByRole("dialog").getByRole("button", { name: "Download" }).click();
      const csv = await readFile(await (await saved).path(), "utf8");
      expect(csv.trim().split("\r\n")).toHaveLength(FILES + 1);

      await server.api.data("DELETE", `/api-key/${minted.id}`);
      await page.getByRole("alert").getByText("Missing or unknown API key").waitFor();
      expect(faults.filter((fault) => !EXPECTED.test(fault))).toEqual([]);
    }),
);
