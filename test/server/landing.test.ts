import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";
import { skip, watch, withPage } from "../support/browser.ts";
import { DEVELOPMENT_KEY } from "../support/dev-server.ts";

const url = inject("url");

test(
  "the commands of the landing page can be copied, and bring a document through the API",
  { skip },
  () =>
    withPage(
      async (page) => {
        const faults = watch(page, url);
        await page.goto(url);
        const commands: string[] = [];
        for (const button of await page.locator(".walk-through button").all()) {
          await button.click();
          commands.push(await page.evaluate<string>("navigator.clipboard.readText()"));
        }
        const script = commands.join("\n").replace("YOUR-KEY", DEVELOPMENT_KEY);
        const { stdout } = await promisify(execFile)("bash", ["-eu", "-c", script]);
        const counters = '"status":"processing","totalJobs":2,"completedJobs":1,"pendingJobs":1,';
        expect(stdout).toContain(counters);
        expect(faults).toEqual([]);
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    ),
);
