import { expect, test } from "vitest";
import { GUIDE } from "../../src/reference/openapi/guide.ts";

const samples = Array.from(GUIDE.matchAll(/```js\n(.*?)```/gs), ([, source = ""]) => source);
const sourceOf = (name: string) =>
  samples.find((source) => source.includes(`function ${name}(`)) ?? "";

/** The guide's loop, with these answers in place of a server's; answers what it sent and how long it waited. */
async function play(...answers: (Response | Error)[]) {
  const keys: (string | null)[] = [];
  const waits: number[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    keys.push(new Request(url, init).headers.get("idempotency-key"));
    const answer = answers.shift();
    if (answer instanceof Response) return answer;
    throw answer ?? new Error("asked too often");
  };
  const setTimeout = (go: () => void, ms: number) => {
    waits.push(ms);
    go();
  };
  // oxlint-disable-next-line typescript/no-implied-eval -- the guide's code is what is tested
  const made: unknown = new Function(
    "fetch",
    "setTimeout",
    `${sourceOf("insist")}\nreturn insist;`,
  );
  const insist = (made as (...given: unknown[]) => (...request: unknown[]) => Promise<Response>)(
    fetch,
    setTimeout,
  );
  const { status } = await insist("https://api.example/groups", { method: "POST", body: "{}" });
  return { status, keys, waits };
}

test("the guide's loop repeats one request under one key, and waits as it is told", async () => {
  const busy = new Response(null, { status: 429, headers: { "Retry-After": "10" } });
  const lost = new Error("connection reset");
  const { status, keys, waits } = await play(busy, lost, new Response(null, { status: 201 }));
  expect(status).toBe(201);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(waits).toEqual([10_000, 2_000]);
});

test("the guide's loop does not repeat what was refused, and makes a key for each request", async () => {
  const refused = await play(new Response(null, { status: 409 }));
  const other = await play(new Response(null, { status: 201 }));
  expect(refused).toMatchObject({ status: 409, waits: [] });
  expect(other.keys).not.toEqual(refused.keys);
});

test("the guide's processor beats three times in its silence, and stops when its lease is lost", async () => {
  const answers = [{ leaseExpiresAt: "2026-01-01T00:00:00Z" }, { code: "LEASE_LOST" }];
  const sent: unknown[] = [];
  const fetch = async (_: string, init: RequestInit) => {
    sent.push(JSON.parse(init.body as string));
    return Response.json({ success: true, data: [answers.shift()] });
  };
  const timers: { beat: () => Promise<void>; ms: number }[] = [];
  const setInterval = (beat: () => Promise<void>, ms: number) => timers.push({ beat, ms });
  const cleared: unknown[] = [];
  const clearInterval = (timer: unknown) => cleared.push(timer);
  const parameters = ["fetch", "setInterval", "clearInterval"];
  const body = `${sourceOf("keepAlive")}\nreturn keepAlive;`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the guide's code is what is tested
  const made: unknown = new Function(...parameters, body);
  const keepAlive = (made as (...given: unknown[]) => (...request: unknown[]) => () => void)(
    fetch,
    setInterval,
    clearInterval,
  );
  const ids = { groupId: "g", jobId: "j", leaseId: "l" };
  let stopped = 0;
  const end = keepAlive(
    "https://api.example",
    {},
    { ...ids, heartbeatSeconds: 60 },
    () => stopped++,
  );
  expect(timers).toMatchObject([{ ms: 20_000 }]);
  await timers[0]?.beat();
  expect([sent, stopped]).toEqual([[{ leases: [ids] }], 0]);
  await timers[0]?.beat();
  expect([stopped, cleared]).toEqual([1, [1]]);
  end();
  expect(cleared).toEqual([1, 1]);
});
