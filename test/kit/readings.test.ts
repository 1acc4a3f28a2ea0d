import { once } from "node:events";
import { expect, test } from "vitest";
import { Refusal, Throttled, Unreadable } from "../../src/processor/kit/index.ts";
import { BASE } from "../support/client.ts";
import { hang, startKillable, told } from "./start-server.ts";

const server = startKillable();

test("each job of a group is read once, and the processor ends with the group", async () => {
  const groupId = await server.newGroup(25);
  const names: string[] = [];
  const processor = server.processor({
    groupId,
    concurrency: 4,
    read: async ({ documentName }) => {
      names.push(documentName);
      return { pages: 2, cost: 3 * 0.0015, confidence: 0.9, extractedData: { documentName } };
    },
  });
  await processor.run();
  expect(new Set(names).size).toBe(25);
  expect(names).toHaveLength(25);
  expect(await server.group(groupId)).toMatchObject({
    status: "completed",
    completedJobs: 25,
    statistics: { totalPages: 50, totalCost: 0.1125 },
  });
  expect(await server.isExact(groupId)).toBe(true);
});

test("only jobs of the templates and tags that were asked for are claimed, until it is stopped", async () => {
  const wanted = await server.newGroup(3, { template: "kit-a", tags: ["kit-x", "kit-y"] });
  const otherTag = await server.newGroup(1, { template: "kit-a", tags: ["kit-z"] });
  const otherTemplate = await server.newGroup(1, { template: "kit-b", tags: ["kit-x"] });
  const processor = server.processor({
    templates: ["kit-a"],
    tags: ["kit-x"],
    concurrency: 2,
    waitSeconds: 1,
    read: async () => ({ pages: 1 }),
  });
  const running = processor.run();
  await once(processor, "idle");
  await processor.stop();
  await running;
  expect(await server.group(wanted)).toMatchObject({ completedJobs: 3 });
  expect(await server.group(otherTag)).toMatchObject({ status: "queued" });
  expect(await server.group(otherTemplate)).toMatchObject({ status: "queued" });
});

const THROWN: [what: string, thrown: unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["a string", "text"],
  ["an empty string", ""],
  ["half a surrogate pair and a NUL", "a\0b\ud800"],
  ["a long text", new Error("x".repeat(5000))],
  ["a symbol", Symbol("s")],
  ["an object without a prototype", Object.create(null)],
  [
    "an object whose getter throws",
    {
      get errorCode() {
        throw new Error("inner");
      },
    },
  ],
  [
    "an error with a code and a cost",
    Object.assign(new Error("e"), { errorCode: "busy", cost: 1 }),
  ],
  ["an error with a cost that is none", Object.assign(new Error("e"), { cost: "much" })],
  ["a number of pages that is none", Object.assign(new Error("e"), { pages: -1 })],
];

test("whatever the reader throws is a failed attempt, and the next job is read", async () => {
  const groupId = await server.newGroup(THROWN.length * 2);
  let turn = 0;
  const processor = server.processor({
    groupId,
    concurrency: 3,
    // Every other one throws before there is a promise.
    read: () => {
      const thrown = THROWN[turn % THROWN.length]?.[1];
      turn += 1;
      // oxlint-disable-next-line typescript/only-throw-error, typescript/prefer-promise-reject-errors -- that is the test
      if (turn > THROWN.length) throw thrown;
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- that is the test
      return Promise.reject(thrown);
    },
  });
  await processor.run();
  const jobs = await server.jobs(groupId);
  expect(jobs.map(({ status }) => status)).toEqual(jobs.map(() => "failed"));
  expect(new Set(jobs.map(({ errorCode }) => errorCode))).toEqual(
    new Set(["reader_error", "busy"]),
  );
  expect(await server.group(groupId)).toMatchObject({ statistics: { totalCost: 2 } });
  expect(await server.isExact(groupId)).toBe(true);
});

test("Unreadable fails the job for good, with its code and cost", async () => {
  const groupId = await server.newGroup(1, { settings: { retryCount: 5 } });
  const processor = server.processor({
    groupId,
    read: () => {
      throw new Unreadable({ errorCode: "encrypted", message: "a password", pages: 1, cost: 0.5 });
    },
  });
  await processor.run();
  const [job] = await server.jobs(groupId);
  expect(job).toMatchObject({
    status: "failed",
    attempts: 1,
    errorCode: "encrypted",
    error: "a password",
    cost: 0.5,
  });
});

test("Throttled gives the job back and claims nothing meanwhile; no attempt is counted", async () => {
  const groupId = await server.newGroup(4);
  const readAt: number[] = [];
  const processor = server.processor({
    groupId,
    read: async () => {
      readAt.push(performance.now());
      if (readAt.length === 1) throw new Throttled({ retryAfterSeconds: 2, reason: "quota" });
      return {};
    },
  });
  const events = told(processor);
  await processor.run();
  expect(events.slice(0, 3)).toEqual(["claimed", "released", "claimed"]);
  expect((readAt[1] ?? 0) - (readAt[0] ?? 0)).toBeGreaterThan(1_900);
  const jobs = await server.jobs(groupId);
  expect(jobs.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1]);
  expect(jobs.map(({ deferrals }) => deferrals)).toEqual([1, undefined, undefined, undefined]);
});

test("a document that has to wait does not hold up the others", async () => {
  const groupId = await server.newGroup(3);
  const names: string[] = [];
  const processor = server.processor({
    groupId,
    read: async ({ documentName }) => {
      names.push(documentName);
      if (names.length === 1) throw new Throttled({ retryAfterSeconds: 2, scope: "document" });
      return {};
    },
  });
  await processor.run();
  expect(names).toEqual([1, 2, 3, 1].map((number) => `invoice-${number}.pdf`));
});

test("a reader that hangs fails its attempt at the deadline, and the next job is read", async () => {
  const groupId = await server.newGroup(2);
  const aborted: unknown[] = [];
  let reads = 0;
  const processor = server.processor({
    groupId,
    readTimeoutSeconds: 1,
    read: (_, { signal }) => {
      signal.addEventListener("abort", () => aborted.push(signal.reason));
      reads += 1;
      return reads === 1 ? hang() : Promise.resolve({});
    },
  });
  await processor.run();
  const jobs = await server.jobs(groupId);
  expect(jobs).toMatchObject([
    { status: "failed", errorCode: "reader_timed_out" },
    { status: "completed" },
  ]);
  expect(aborted).toMatchObject([{ name: "ReadTimeout" }]);
});

test("a result that is nothing is a failed attempt", async () => {
  const groupId = await server.newGroup(1);
  await server.processor({ groupId, read: (async () => {}) as never }).run();
  const [job] = await server.jobs(groupId);
  expect(job).toMatchObject({ status: "failed", errorCode: "reader_error" });
});

test.each([
  ["extractedData that is too large", { extractedData: { text: "x".repeat(300_000) } }],
  ["extractedData that is no JSON", { extractedData: { n: 1n } }],
  ["a cost below zero", { cost: -1 }],
  ["a confidence that is a word", { confidence: "high" as never }],
])("a result that is %s fails its job once, with a reason", async (_, result) => {
  const groupId = await server.newGroup(1, { settings: { retryCount: 1 } });
  const processor = server.processor({ groupId, read: async () => result });
  await processor.run();
  const [job] = await server.jobs(groupId);
  expect(job).toMatchObject({ status: "failed", attempts: 1, errorCode: "result_refused" });
});

test("a lease that is lost in the middle aborts the signal, and its result counts nowhere", async () => {
  const groupId = await server.newGroup(2);
  const reasons: unknown[] = [];
  const processor = server.processor({
    groupId,
    concurrency: 2,
    read: async (_, { signal }) => {
      if (!signal.aborted)
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      reasons.push(signal.reason);
      return { pages: 7 };
    },
  });
  const events = told(processor);
  processor.once("claimed", () =>
    setTimeout(() => void server.running.api.data("POST", `${BASE}/${groupId}/cancel`), 300),
  );
  await processor.run();
  expect(events.toSorted()).toEqual(["claimed", "claimed", "lost", "lost"]);
  expect(reasons).toMatchObject([{ name: "LeaseLost" }, { name: "LeaseLost" }]);
  expect(await server.group(groupId)).toMatchObject({
    status: "cancelled",
    statistics: { totalPages: 0 },
  });
});

test("a listener that throws does not stop the work", async () => {
  const groupId = await server.newGroup(2);
  const processor = server.processor({ groupId, read: async () => ({}) });
  processor.on("completed", () => {
    throw new Error("a broken metric");
  });
  await processor.run();
  expect(await server.group(groupId)).toMatchObject({ completedJobs: 2 });
});

test("a key that is refused ends the processor with the refusal", async () => {
  const read = async () => ({});
  const running = server.processor({ apiKey: "wrong", read }).run();
  await expect(running).rejects.toBeInstanceOf(Refusal);
  await expect(running).rejects.toMatchObject({ status: 401, code: "UNAUTHORIZED" });
});
