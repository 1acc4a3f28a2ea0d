import { EventSource } from "eventsource";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BASE, type Json } from "../support/client.ts";
import { DEVELOPMENT_KEY, type DevServer, startDevServer } from "../support/dev-server.ts";

let server: DevServer;
beforeAll(async () => {
  server = await startDevServer();
}, 90_000);
afterAll(() => server.stop());

const JOBS = 150;

const get = (group: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`${server.url}${BASE}/${group}/events`, {
    method,
    headers: { "api-key": DEVELOPMENT_KEY, ...headers },
  });

/** Watches a group with a real client until the server lets it go. */
function watch(group: string) {
  const seen: Json[] = [];
  const source = new EventSource(`${server.url}${BASE}/${group}/events`, {
    fetch: (url, init) =>
      fetch(url, { ...init, headers: { ...init?.headers, "api-key": DEVELOPMENT_KEY } }),
  });
  source.addEventListener("group", ({ data }) => seen.push(JSON.parse(String(data))));
  const closed = new Promise<void>((resolve) => {
    source.addEventListener("error", () => {
      if (source.readyState === source.CLOSED) resolve();
    });
  });
  return { seen, closed };
}

/** Works on the group until so many of its jobs have finished. */
async function work(group: string, until: number): Promise<void> {
  for (let done = 0; done < until;) {
    const leases = await server.api.claim(group, 10);
    await Promise.all(
      leases.map(({ jobId, leaseId }: Json) =>
        server.api.data("POST", `${BASE}/${group}/jobs/${jobId}/complete`, { leaseId }),
      ),
    );
    done = (await server.api.data("GET", `${BASE}/${group}`)).completedJobs;
  }
}

test("an EventSource sees a group from 0 to 150 jobs through a restart, adding up each time, and ends by itself", async () => {
  const group = await server.api.newGroup(JOBS, { settings: { parallelJobs: 10 } });
  const { seen, closed } = watch(group);
  await work(group, JOBS / 2);
  await server.restart();
  await work(group, JOBS);
  await closed;
  expect(seen[0]).toMatchObject({ completedJobs: 0, pendingJobs: JOBS });
  expect(seen.at(-1)).toMatchObject({ status: "completed", completedJobs: JOBS });
  for (const { totalJobs, pendingJobs, completedJobs, failedJobs, cancelledJobs } of seen) {
    expect(totalJobs).toBe(pendingJobs + completedJobs + failedJobs + cancelledJobs);
  }
  const done = seen.map(({ completedJobs }) => completedJobs);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(done.some((count) => count > 0 && count < JOBS)).toBe(true);
}, 90_000);

test("a group that is the same as before is not sent again, and its end is told once", async () => {
  const group = await server.api.newGroup(1);
  const etag = (await server.api.call("GET", `${BASE}/${group}`)).headers.get("etag") ?? "";
  const answer = await get(group, { "Last-Event-ID": etag.replaceAll('"', "") });
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  expect(answer.headers.get("cache-control")).toBe("private, no-cache, no-transform");
  await server.api.data("POST", `${BASE}/${group}/cancel`);
  const text = await answer.text();
  expect(text.match(/event: .*/g)).toEqual(["event: group", "event: end"]);
  expect(text).toContain('"status":"cancelled"');
  const id = /^id: (.*)$/m.exec(text)?.[1] ?? "";
  expect((await get(group, { "Last-Event-ID": id })).status).toBe(204);
  expect(await (await get(group)).text()).toContain("event: end");
});

test("a stream ends when its group is deleted, and HEAD tells its headers alone", async () => {
  const group = await server.api.newGroup(1);
  const head = await get(group, { "accept-encoding": "gzip, br" }, "HEAD");
  expect(head.headers.get("content-type")).toBe("text/event-stream");
  expect(await head.text()).toBe("");
  const answer = await get(group, { "accept-encoding": "gzip, br" });
  await server.api.call("DELETE", `${BASE}/${group}`);
  expect(await answer.text()).toContain('event: end\ndata: {"status":"deleted"}');
  expect((await get(group)).status).toBe(404);
});
