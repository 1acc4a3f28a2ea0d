import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium of this machine; `CHROMIUM` names another. */
export const chromiumPath = process.env["CHROMIUM"] ?? PLACES.find((path) => existsSync(path));

/** Browser tests are left out where no browser is, but never in CI. */
export const skip = chromiumPath === undefined && process.env["CI"] === undefined;
if (skip) console.warn("No Chromium is installed: the pages are not tested in a browser.");

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The viewer of PDF files is an extension of Chromium. */
const OF_THE_BROWSER = /^(data|blob|chrome|chrome-extension):/;

/** Collects the faults of a page: requests to another host, complaints in the console, uncaught errors. */
export function watch(page: Page, origin: string): string[] {
  const faults: string[] = [];
  page.on("request", (request) => {
    if (!OF_THE_BROWSER.test(request.url()) && new URL(request.url()).origin !== origin) {
      faults.push(`asks ${request.url()}`);
    }
  });
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  return faults;
}

/** Hands a page of a fresh, headless browser to `use`. */
export async function withPage(
  use: (page: Page) => Promise<void>,
  context: BrowserContextOptions = {},
): Promise<void> {
  if (chromiumPath === undefined) {
    throw new Error(
      "No Chromium is installed: `apt-get install chromium`, or name one in CHROMIUM.",
    );
  }
  const profile = await mkdtemp(join(tmpdir(), "job-groups-browser-"));
  const options = { ...context, executablePath: chromiumPath, headless: true, args: ARGS };
  const browser = await chromium.launchPersistentContext(profile, options);
  try {
    await use(await browser.newPage());
  } finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true });
  }
}
