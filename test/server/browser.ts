import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium of this machine; `CHROMIUM` names another. */
export const chromiumPath = process.env["CHROMIUM"] ?? PLACES.find((path) => existsSync(path));

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Hands a page of a fresh, headless browser to `use`. */
export async function withPage(use: (page: Page) => Promise<void>): Promise<void> {
  if (chromiumPath === undefined) {
    throw new Error(
      "No Chromium is installed: `apt-get install chromium`, or name one in CHROMIUM.",
    );
  }
  const profile = await mkdtemp(join(tmpdir(), "job-groups-browser-"));
  const options = { executablePath: chromiumPath, headless: true, args: ARGS };
  const browser = await chromium.launchPersistentContext(profile, options);
  try {
    await use(await browser.newPage());
  } finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true });
  }
}
