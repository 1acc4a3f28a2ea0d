import type { Page } from "playwright-core";
import { withPage } from "../support/browser.ts";
import { DEVELOPMENT_KEY, type DevServer, startDevServer } from "../support/dev-server.ts";
import { median, quantile } from "../support/statistics.ts";
import { seedDashboard } from "./dashboard-store.ts";
import { type Scale, table } from "./load.ts";

const GROUPS = 10_000;
const SCROLLED_MS = 4_000;
const MIB = 2 ** 20;

/** Pages of the dashboard on the development server: the time to their first content, scrolling, and memory. */
export async function dashboard({ rounds, jobs }: Scale): Promise<string> {
  let group = "";
  const server = await startDevServer(
    {},
    (folder) => (group = seedDashboard(folder, GROUPS, jobs)),
  );
  const views: readonly View[] = [
    { name: `list of ${GROUPS} groups`, path: "/dashboard", shown: ".groups tbody tr" },
    { name: `group of ${jobs} jobs`, path: `/dashboard/groups/${group}`, shown: ".overview" },
  ];
  try {
    const rows: (string | number)[][] = [];
    for (const view of views) {
      const started: number[] = [];
      const open: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await withPage(async (page) => {
          started.push(await firstContent(page, server, view));
        });
        await withPage(async (page) => {
          await page.goto(server.url);
          open.push(await firstContent(page, server, view));
        });
      }
      const times = [open, started].map((ms) => `${Math.round(median(ms))} ms`);
      rows.push([view.name, ...times, ...(await scrolling(server, view))]);
    }
    const head = [
      "page",
      "first content, browser open",
      "browser just started",
      "frames of scrolling: p50, p99, longest",
      "JavaScript heap before and after",
    ];
    return table(head, rows);
  } finally {
    await server.stop();
  }
}

interface View {
  readonly name: string;
  readonly path: string;
  /** Its first content. */
  readonly shown: string;
}

/** Milliseconds from the navigation to the frame that shows the content. */
async function firstContent(
  page: Page,
  { url }: DevServer,
  { path, shown }: View,
): Promise<number> {
  await page.addInitScript(`window.firstContent = new Promise((resolve) => {
    const look = () => requestAnimationFrame(() =>
      document.querySelector("${shown}") ? requestAnimationFrame(resolve) : look());
    look();
  })`);
  await page.goto(`${url}${path}#key=${DEVELOPMENT_KEY}`, { waitUntil: "commit" });
  return page.evaluate<number>("window.firstContent");
}

/** Scrolls from the top to the bottom of the page's longest list, a step with each frame. */
async function scrolling(server: DevServer, view: View): Promise<string[]> {
  const cells: string[] = [];
  await withPage(async (page) => {
    await firstContent(page, server, view);
    await page.waitForLoadState("load");
    const before = await heap(page);
    const frames = await page.evaluate<number[]>(`new Promise((resolve) => {
      const list = document.querySelector(".job-scroller") ?? document.documentElement;
      const frames = [];
      const step = (first, last) => requestAnimationFrame((now) => {
        frames.push(now - last);
        list.scrollTop = ((now - first) / ${SCROLLED_MS}) * list.scrollHeight;
        now - first > ${SCROLLED_MS} ? resolve(frames) : step(first, now);
      });
      requestAnimationFrame((now) => step(now, now));
    })`);
    const times = [quantile(frames, 0.5), quantile(frames, 0.99), Math.max(...frames)];
    cells.push(`${times.map(Math.round).join(", ")} ms`, `${before}, ${await heap(page)} MiB`);
  });
  return cells;
}

async function heap(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return (usedSize / MIB).toFixed(1);
}
