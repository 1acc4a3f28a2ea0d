import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { backOffMs, retryAfterMs } from "../../../src/processor/kit/back-off.ts";
import { createProcessor } from "../../../src/processor/kit/index.ts";
import { portOf } from "../../support/port.ts";

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

/** An API that gives its answers one after the other, and to the last request says that the key is wrong. */
async function startApi(answers: ((response: ServerResponse) => void)[]) {
  const requests: { at: number; headers: IncomingMessage["headers"] }[] = [];
  const server = createServer((request, response) => {
    requests.push({ at: performance.now(), headers: request.headers });
    const answer = answers[requests.length - 1] ?? (() => response.writeHead(401).end("{}"));
    answer(response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  stops.push(() => server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${portOf(server)}`, requests };
}

test("a claim is repeated under the same key after a broken connection, 429 and 503, and waits as it is told", async () => {
  const { url, requests } = await startApi([
    (response) => response.destroy(),
    (response) => response.writeHead(429, { "Retry-After": "1" }).end(),
    (response) => response.writeHead(503, { "Retry-After": "0" }).end(),
    (response) => response.writeHead(200).end('{"success":true,"da'),
  ]);
  const read = async () => ({});
  const processor = createProcessor({ url, apiKey: "k", read, handleSignals: false });
  await expect(processor.run()).rejects.toMatchObject({ status: 401 });
  const keys = requests.map(({ headers }) => headers["idempotency-key"]);
  expect(keys).toHaveLength(5);
  expect(new Set(keys).size).toBe(1);
  expect((requests[2]?.at ?? 0) - (requests[1]?.at ?? 0)).toBeGreaterThanOrEqual(990);
});

test("an address where something else answers is told as such, and not tried for ever", async () => {
  const { url } = await startApi([(response) => response.writeHead(404).end("<html>")]);
  const read = async () => ({});
  const running = createProcessor({ url, apiKey: "k", read, handleSignals: false }).run();
  await expect(running).rejects.toThrow("what answers 404 is not the API");
});

test("a stop ends a wait between two tries", async () => {
  const { url } = await startApi([
    (response) => response.writeHead(503, { "Retry-After": "600" }).end(),
  ]);
  const read = async () => ({});
  const processor = createProcessor({ url, apiKey: "k", read, handleSignals: false });
  const running = processor.run();
  await once(processor, "retrying");
  const before = performance.now();
  await processor.stop();
  await running;
  expect(performance.now() - before).toBeLessThan(2_000);
});

test("the wait doubles, is never shorter than Retry-After, and has a bound", () => {
  expect([1, 2, 3].map((failures) => backOffMs(failures, null, 1))).toEqual([500, 1_000, 2_000]);
  expect(backOffMs(1, null, 0)).toBe(250);
  expect(backOffMs(50, null, 1)).toBe(10_000);
  expect(backOffMs(1, "60", 1)).toBe(60_000);
});

test.each([
  [null, 0],
  ["3", 3_000],
  ["-3", 0],
  ["Thu, 01 Jan 1970 00:00:05 GMT", 4_000],
  ["soon", 0],
])("Retry-After %s is a wait of %d ms", (header, ms) => {
  expect(retryAfterMs(header, 1_000)).toBe(ms);
});

test.each([
  ["url", { url: "ftp://x" }],
  ["apiKey", { apiKey: "" }],
  ["concurrency", { concurrency: 0 }],
  ["heartbeatSeconds", { heartbeatSeconds: 5 }],
  ["waitSeconds", { waitSeconds: 26 }],
  ["groupId", { groupId: "g", templates: ["t"] }],
])("a %s that cannot work is refused before the first claim", (name, wrong) => {
  const right = { url: "http://localhost", apiKey: "k", read: async () => ({}) };
  expect(() => createProcessor({ ...right, ...wrong })).toThrow(name);
});
