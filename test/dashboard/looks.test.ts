import { expect, test } from "vitest";
import { skip } from "../support/browser.ts";
import { newWorkspace, overflows, processJobs, violations, withDashboard } from "./dashboard.ts";

const SCHEMES = ["light", "dark"] as const;
const WIDTHS = [390, 1_280, 1_600] as const;
const looks = SCHEMES.flatMap((scheme) => WIDTHS.map((width) => ({ scheme, width })));

const workspace = skip ? undefined : await newWorkspace();

async function storedGroups() {
  if (workspace === undefined) throw new Error("no browser");
  const { api } = workspace;
  const names = { name: "January invoices", batchNumber: "BATCH-2026-01", tags: ["january"] };
  const group = await api.newGroup(30, { ...names, priority: "urgent" });
  await processJobs(api, group, { complete: 14, fail: 3 });
  const done = await api.newGroup(4, { name: "December invoices" });
  await processJobs(api, done, { complete: 4 });
  const { data: jobs } = (await api.call("GET", `/ocr-invoice-job-group/${group}/jobs?limit=1`))
    .body;
  return { group, job: jobs[0].jobId as string };
}
const stored = skip ? undefined : await storedGroups();

const pages = [
  ["groups", "/dashboard", "December invoices"],
  ["new group", "/dashboard/new", "Create group"],
  ["group", `/dashboard/groups/${stored?.group}`, "14 completed, 3 failed, 13 waiting"],
  ["job", `/dashboard/groups/${stored?.group}?job=${stored?.job}`, "Nordwind Papier"],
  ["nothing", "/dashboard/nothing", "There is nothing here"],
] as const;

test.each(looks)(
  "every page in $scheme at $width px fits, can be used by everybody, and asks nobody else",
  { skip },
  async ({ scheme, width }) => {
    if (workspace === undefined) return;
    const context = { colorScheme: scheme, viewport: { width, height: 900 } };
    await withDashboard(
      workspace,
      "/dashboard",
      async ({ page, faults }) => {
        for (const [name, path, sign] of pages) {
          await page.goto(new URL(path, page.url()).href);
          await page.getByText(sign).or(page.getByLabel(sign)).first().waitFor();
          expect(await violations(page), name).toEqual([]);
          expect(await overflows(page), name).toBe(false);
          await page.screenshot({
            path: `dist/screenshots/${name.replace(" ", "-")}-${scheme}-${width}.png`,
            fullPage: true,
          });
        }
        await page.getByRole("button", { name: "workspace and key" }).click();
        await page.getByRole("button", { name: "Sign out" }).click();
        await page.getByLabel("API key").waitFor();
        expect(await violations(page), "sign in").toEqual([]);
        await page.screenshot({ path: `dist/screenshots/sign-in-${scheme}-${width}.png` });
        expect(faults).toEqual([]);
      },
      context,
    );
  },
);
