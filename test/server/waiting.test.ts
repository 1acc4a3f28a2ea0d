import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { BASE } from "../support/client.ts";
import { claimFromAProcess, holdClaim } from "../support/held-claim.ts";
import { freePort } from "../support/port.ts";
import { buildWorker, type Server, startServer, workFolder } from "../support/worker-server.ts";

const folder = workFolder();
const port = await freePort();
let server: Server;

beforeAll(async () => {
  await buildWorker(folder);
  server = startServer(folder, port);
  await server.ready;
}, 120_000);
afterAll(() => server.kill());

/** The tests share one workspace: each begins with nothing left to claim. */
beforeEach(async () => {
  for (const { _id } of await server.api.data("GET", BASE)) {
    await server.api.data("DELETE", `${BASE}/${_id}`);
  }
});

const statusOf = (group: string) => server.api.data("GET", `${BASE}/${group}`);
const settings = { parallelJobs: 10 };

async function addAndRelease(group: string, jobs: number): Promise<void> {
  const all = Array.from({ length: jobs }, () => ({ documentName: "a.pdf" }));
  await server.api.data("POST", `${BASE}/${group}/jobs`, { jobs: all });
  await server.api.data("POST", `${BASE}/${group}/process`);
}

const ENDS = ["reset", "close", "kill"] as const;

test.each(["one group", "all groups"].flatMap((over) => ENDS.map((how) => [over, how] as const)))(
  "waiters on %s whose connections end by a %s get no lease; those who stay get one each",
  async (over, how) => {
    const group = await server.api.newGroup(0, { settings });
    const place = over === "one group" ? group : null;
    const hold = how === "kill" ? claimFromAProcess : holdClaim;
    const leaving = Array.from({ length: 5 }, () => hold(server.url, place, {}));
    const staying = Array.from({ length: 5 }, () => holdClaim(server.url, place, {}));
    await Promise.all([...leaving, ...staying].map(({ begun }) => begun));
    for (const claim of leaving) claim.hangUp(how === "reset" ? "reset" : "close");
    await Promise.all(leaving.map(({ answer }) => answer));
    await addAndRelease(group, 10);
    const answers = await Promise.all(staying.map(({ answer }) => answer));
    expect(answers.map((answer) => answer?.body.data.length)).toEqual([1, 1, 1, 1, 1]);
    await vi.waitFor(async () => expect((await statusOf(group)).processingJobs).toBe(5));
    const left = await server.api.claim(group);
    expect(left.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1]);
    for (const { jobId } of left) {
      const path = `${BASE}/${group}/jobs/${jobId}`;
      expect(await server.api.data("GET", path)).not.toHaveProperty("deferrals");
    }
  },
);

test("waiters under keys whose connections are reset at any moment are one lease each when they repeat", async () => {
  for (let round = 0; round < 8; round++) {
    const group = await server.api.newGroup(0, { settings });
    const keys = Array.from({ length: 3 }, () => ({ "idempotency-key": randomUUID() }));
    const claims = keys.map((key) => holdClaim(server.url, group, {}, key));
    await holdClaim(server.url, group, { waitSeconds: 1 }).answer;
    const added = addAndRelease(group, 8);
    // A little later each round, from before the commit to after the answer.
    await new Promise((resolve) => setTimeout(resolve, round * 3));
    for (const claim of claims) claim.hangUp();
    await added;
    await Promise.all(claims.map(({ answer }) => answer));
    const again = keys.map((key) => holdClaim(server.url, group, {}, key).answer);
    const leases = (await Promise.all(again)).flatMap((answer) => answer?.body.data);
    expect(new Set(leases.map(({ jobId }) => jobId)).size).toBe(3);
    expect((await statusOf(group)).processingJobs).toBe(3);
  }
});

test.each(["one group", "all groups"])(
  "a waiter on %s is answered, and leased nothing, once its claim is repeated without a wait",
  async (over) => {
    const group = await server.api.newGroup(0, { settings });
    const place = over === "one group" ? group : null;
    const key = { "idempotency-key": randomUUID() };
    const first = holdClaim(server.url, place, {}, key);
    // Its connection is open once a later request on a new one has been answered.
    await holdClaim(server.url, group, { waitSeconds: 1 }).answer;
    const repeat = await holdClaim(server.url, place, { waitSeconds: 0 }, key).answer;
    expect(repeat?.body.data).toEqual([]);
    await addAndRelease(group, 1);
    expect((await first.answer)?.body.data).toEqual([]);
    expect(await statusOf(group)).toMatchObject({ processingJobs: 0, pendingJobs: 1 });
  },
);

test("waiters of a server that is killed claim again under their keys, and each gets one lease", async () => {
  const group = await server.api.newGroup(0, { settings });
  const keys = Array.from({ length: 6 }, () => ({ "idempotency-key": randomUUID() }));
  const claims = keys.map((key) => holdClaim(server.url, group, {}, key));
  await holdClaim(server.url, group, { waitSeconds: 1 }).answer;
  await server.kill();
  expect(await Promise.all(claims.map(({ answer }) => answer))).toEqual(Array(6));
  server = startServer(folder, port);
  await server.ready;
  const again = keys.map((key) => holdClaim(server.url, group, {}, key));
  await addAndRelease(group, 20);
  const answers = await Promise.all(again.map(({ answer }) => answer));
  const leases = answers.flatMap((answer) => answer?.body.data);
  expect(new Set(leases.map(({ jobId }) => jobId)).size).toBe(6);
  expect((await statusOf(group)).processingJobs).toBe(6);
});
