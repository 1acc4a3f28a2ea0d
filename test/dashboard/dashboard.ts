import { readFile } from "node:fs/promises";
import type { BrowserContextOptions, Page } from "playwright-core";
import { inject } from "vitest";
import { SCOPES, type Scope } from "../../src/domain/api-key.ts";
import { watch, withPage } from "../support/browser.ts";
import { Client } from "../support/client.ts";
import { DEVELOPMENT_KEY } from "../support/dev-server.ts";

export const url = inject("url");
export const root = new Client(url, DEVELOPMENT_KEY);

export interface Workspace {
  readonly api: Client;
  readonly keyId: string;
  readonly name: string;
}

/** A key of a workspace of its own, so that a test sees no other's groups. */
export async function newWorkspace(
  scopes: readonly Scope[] = SCOPES,
  name = `w-${crypto.randomUUID()}`,
): Promise<Workspace> {
  const minted = await root.data("POST", "/api-key", { name: "Test key", workspace: name, scopes });
  return { api: new Client(url, minted.key), keyId: minted.id, name };
}

interface Opened {
  readonly page: Page;
  /** The errors of the page, and its requests to other servers. */
  readonly faults: string[];
}

/** Opens a page of the dashboard, signed in by the link's fragment. */
export const withDashboard = (
  { api }: Workspace,
  path: string,
  use: (opened: Opened) => Promise<void>,
  context: BrowserContextOptions = {},
): Promise<void> =>
  withPage(async (page) => {
    const faults = watch(page, url);
    await page.goto(`${url}${path}#key=${api.key}`);
    await use({ page, faults });
  }, context);

const AXE = await readFile("node_modules/axe-core/axe.min.js", "utf8");

/** The faults that axe-core finds in the page as it stands: rules and the elements that break them. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(
    `axe.run().then(({ violations }) => violations.map(
      ({ id, nodes }) => id + ": " + nodes.map(({ target }) => target.join(" ")).join(", ")))`,
  );
  return found as string[];
}

/** `true` when the page is wider than its window. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>("document.documentElement.scrollWidth > innerWidth");

/** A processor that completes so many jobs of the group and fails so many for good. */
export async function processJobs(
  api: Client,
  group: string,
  { complete = 0, fail = 0 }: { complete?: number; fail?: number },
): Promise<void> {
  for (let done = 0; done < complete + fail; done++) {
    const [lease] = await api.claim(group, 1);
    const path = `/ocr-invoice-job-group/${group}/jobs/${lease.jobId}`;
    const { leaseId } = lease;
    if (done < complete) {
      const extractedData = {
        invoiceNumber: `2026-${done}`,
        vendor: "Nordwind Papier",
        total: 119,
      };
      const result = { leaseId, pages: 2, cost: 0.03, confidence: 0.97, extractedData };
      await api.data("POST", `${path}/complete`, result);
    } else {
      await api.data("POST", `${path}/fail`, { leaseId, error: "unreadable", retryable: false });
    }
  }
}

/** Drops files on the page as a user does, from outside of it. */
export async function drop(page: Page, dropped: readonly { name: string; buffer: Buffer }[]) {
  const sent = dropped.map(({ name, buffer }) => [name, buffer.toString("base64")]);
  await page.evaluate(`{
    const transfer = new DataTransfer();
    for (const [name, base64] of ${JSON.stringify(sent)}) {
      const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    document.body.dispatchEvent(
      new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }),
    );
  }`);
}
