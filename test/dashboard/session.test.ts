import { expect, test } from "vitest";
import { skip, watch, withPage } from "../support/browser.ts";
import { newWorkspace, root, url, withDashboard } from "./dashboard.ts";

test("a refused key is told why in the API's words, with a link to them", { skip }, () =>
  withPage(async (page) => {
    await page.goto(`${url}/dashboard`);
    await page.getByLabel("API key").fill("nobody's key");
    await page.getByRole("button", { name: "Sign in" }).click();
    const refusal = page.getByRole("alert");
    await refusal.getByText("Missing or unknown API key").waitFor();
    const link = refusal.getByRole("link", { name: "UNAUTHORIZED" });
    expect(await link.getAttribute("href")).toBe("/problems/unauthorized");
  }),
);

test("a key stays in its tab, and signing out forgets it", { skip }, async () => {
  const workspace = await newWorkspace();
  await withDashboard(workspace, "/dashboard", async ({ page, faults }) => {
    const requested: string[] = [];
    page.on("request", (request) => requested.push(request.url()));
    await page.getByRole("button", { name: workspace.name }).click();
    const menu = page.getByRole("region", { name: "Key" });
    await menu.getByText("Test key").waitFor();
    await menu.getByText("jobs:process").waitFor();
    expect(await page.evaluate("localStorage.length + document.cookie.length")).toBe(0);
    await menu.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("API key").waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
    await page.reload();
    await page.getByLabel("API key").waitFor();
    expect(requested.filter((address) => address.includes(workspace.api.key))).toEqual([]);
    expect(faults).toEqual([]);
  });
});

test(
  "a key that is revoked meanwhile ends the session where it is next refused",
  { skip },
  async () => {
    const workspace = await newWorkspace();
    const group = await workspace.api.newGroup(1);
    await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page }) => {
      await page.getByRole("img", { name: "1 waiting, of 1 job" }).waitFor();
      await root.data("DELETE", `/api-key/${workspace.keyId}`);
      await page.getByRole("alert").getByText("Missing or unknown API key").waitFor();
      await page.getByLabel("API key").waitFor();
      expect(await page.evaluate("sessionStorage.length")).toBe(0);
    });
  },
);

test("what the key's scopes do not allow is not offered", { skip }, async () => {
  const writer = await newWorkspace();
  const group = await writer.api.newGroup(1);
  const reader = await newWorkspace(["groups:read"], writer.name);
  await withDashboard(reader, `/dashboard/groups/${group}`, async ({ page, faults }) => {
    await page.getByRole("img", { name: "1 waiting, of 1 job" }).waitFor();
    for (const name of ["Add documents", "Process", "Cancel…"]) {
      expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
    }
    await page.getByRole("link", { name: "Groups", exact: true }).click();
    await page.getByRole("link", { name: "Test" }).waitFor();
    expect(await page.getByRole("link", { name: "New group" }).count()).toBe(0);
    expect(faults).toEqual([]);
  });
});

test("a key that may not read groups is told so", { skip }, async () => {
  const worker = await newWorkspace(["jobs:process"]);
  await withPage(async (page) => {
    const faults = watch(page, url);
    await page.goto(`${url}/dashboard#key=${worker.api.key}`);
    await page.getByRole("heading", { name: "This key may not read groups" }).waitFor();
    expect(faults.filter((fault) => !fault.includes("403"))).toEqual([]);
  });
});
