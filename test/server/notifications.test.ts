import { glob, readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BASE } from "../support/client.ts";
import { type DevServer, startDevServer } from "../support/dev-server.ts";
import { startReceiver, verify } from "../support/receiver.ts";

const FAILURES = 5;
const MOST_ATTEMPTS = 7;

let server: DevServer;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  const retries = Array.from({ length: MOST_ATTEMPTS - 1 }, () => "0.05").join();
  server = await startDevServer({ NOTICE_RETRY_SECONDS: retries });
  receiver = await startReceiver(({ path }, calls) => {
    if (path === "/never") return 500;
    const nth = calls.filter((call) => call.path === path).length;
    return path === "/flaky" && nth <= FAILURES ? 503 : 204;
  });
}, 90_000);
afterAll(async () => {
  receiver.stop();
  await server.stop();
});

/** The texts of all e-mail that the development server has written. */
async function emails(): Promise<string[]> {
  const texts: Promise<string>[] = [];
  for await (const file of glob(".wrangler/tmp/email/*/email-text/*.txt")) {
    texts.push(readFile(file, "utf8"));
  }
  return Promise.all(texts);
}

test("a group that ends is told by e-mail and webhook; a failing receiver is tried again, and given up", async () => {
  const events = ["job_group.completed"];
  const [fine, flaky, never] = await Promise.all(
    ["fine", "flaky", "never"].map((path) =>
      server.api.data("POST", "/webhook", { url: `${receiver.url}/${path}`, events }),
    ),
  );
  const name = `End to end ${crypto.randomUUID()}`;
  const recipients = ["ap@example.com", "cfo@example.com"];
  const notifications = { onCompletion: true, recipients };
  const { _id } = await server.api.data("POST", BASE, { name, template: "t", notifications });
  await server.api.data("POST", `${BASE}/${_id}/jobs`, {
    jobs: [{ documentName: "invoice-1.pdf" }],
  });
  await server.api.data("POST", `${BASE}/${_id}/process`);
  const claim = { workerId: "w", maxJobs: 1 };
  const [{ jobId, leaseId }] = await server.api.data("POST", `${BASE}/${_id}/jobs/claim`, claim);
  const report = { leaseId, pages: 3, cost: 0.25, currency: "EUR" };
  await server.api.data("POST", `${BASE}/${_id}/jobs/${jobId}/complete`, report);

  const told = () => server.api.data("GET", `${BASE}/${_id}/notifications`);
  const pending = async () =>
    (await told()).filter(({ status }: { status: string }) => status === "pending");
  await expect.poll(pending, { timeout: 30_000, interval: 200 }).toEqual([]);
  const [notices, sent] = [await told(), await emails()];
  expect(notices).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ webhookId: fine.webhookId, status: "delivered", attempts: 1 }),
      expect.objectContaining({ webhookId: flaky.webhookId, status: "delivered", attempts: 6 }),
      expect.objectContaining({
        webhookId: never.webhookId,
        status: "dead",
        attempts: MOST_ATTEMPTS,
        lastError: "the receiver answered 500",
      }),
      ...recipients.map((recipient) => expect.objectContaining({ recipient, status: "delivered" })),
    ]),
  );

  const callsOf = (path: string) => receiver.calls.filter((call) => call.path === path);
  expect(["/fine", "/flaky", "/never"].map((path) => callsOf(path).length)).toEqual([1, 6, 7]);
  for (const { url, secret } of [fine, flaky, never]) {
    const calls = callsOf(new URL(url).pathname);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(1);
    for (const call of calls) {
      const event = verify(secret, call);
      expect(event).toMatchObject({ type: "job_group.completed", data: { groupId: _id, name } });
    }
  }

  const own = sent.filter((text) => text.includes(name));
  expect(own).toHaveLength(recipients.length);
  for (const text of own) {
    expect(text).toMatch(/^End to end .*: completed, 1 job\n/);
    expect(text).toContain("Pages: 3\nCost: 0.25 EUR\n");
    expect(text).toContain(`${server.url}${BASE}/${_id}`);
  }
}, 60_000);
