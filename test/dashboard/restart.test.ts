import { afterAll, beforeAll, expect, test } from "vitest";
import { skip, withPage } from "../support/browser.ts";
import { DEVELOPMENT_KEY, type DevServer, startDevServer } from "../support/dev-server.ts";

let server: DevServer | undefined;
beforeAll(async () => {
  if (!skip) server = await startDevServer();
}, 90_000);
afterAll(() => server?.stop());

test(
  "a page says that it is out of touch while the server is away, and goes on by itself",
  { skip },
  () =>
    withPage(async (page) => {
      if (server === undefined) return;
      const { api, url } = server;
      const group = await api.newGroup(2);
      await page.goto(`${url}/dashboard/groups/${group}#key=${DEVELOPMENT_KEY}`);
      await page.getByRole("img", { name: "2 waiting, of 2 jobs" }).waitFor();
      const lost = page.getByText("Out of touch, trying again").waitFor({ timeout: 60_000 });
      await server.restart();
      await lost;
      expect(await page.getByRole("heading", { name: "Test" }).isVisible()).toBe(true);
      await api.data("POST", `/ocr-invoice-job-group/${group}/cancel`);
      await page.getByRole("img", { name: "2 cancelled, of 2 jobs" }).waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
    }),
);
