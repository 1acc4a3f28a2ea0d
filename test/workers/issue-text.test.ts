import { expect, test } from "vitest";
import { BASE, call, type Json, newGroup, type Options } from "../support/workers/api.ts";

const told = async (path: string, body?: object): Promise<Record<string, string>> => {
  const answer = await call(body ? "POST" : "GET", path, body && { body });
  const entries = answer.body.errors.map(({ pointer, parameter, detail }: Json) => [
    pointer ?? parameter,
    detail,
  ]);
  return Object.fromEntries(entries);
};

test("every fault of a body says what would be right", async () => {
  const body = {
    name: 5,
    template: "",
    priority: "asap",
    processingSettings: {
      parallelJobs: 11,
      retryCount: 1.5,
      timeoutMinutes: 4,
      maxCost: 0,
      speed: 1,
    },
    notifications: { onFailure: "yes", recipients: ["nobody"] },
    tags: Array.from({ length: 51 }, () => "a"),
    metadata: [],
    colour: "red",
  };
  expect(await told(BASE, body)).toEqual({
    "/name": "must be a string.",
    "/template": "must have at least 1 character.",
    "/priority": "must be one of low, medium, high, urgent.",
    "/processingSettings/parallelJobs": "must be at most 10.",
    "/processingSettings/retryCount": "must be a whole number.",
    "/processingSettings/timeoutMinutes": "must be at least 5.",
    "/processingSettings/maxCost": "must be above 0.",
    "/processingSettings/speed":
      "is not known here; allowed: parallelJobs, retryCount, timeoutMinutes, maxFailureRate, maxCost.",
    "/notifications/onFailure": "must be true or false.",
    "/notifications/recipients/0": "must be an e-mail address such as name@example.com.",
    "/tags": "must have at most 50 items.",
    "/metadata": "must be an object.",
    // Read-only fields are taken, but nobody is advised to send them.
    "/colour":
      "is not known here; allowed: name, description, batchNumber, template, priority, createdBy, " +
      "assignedTo, tags, metadata, retentionDays, processingSettings, notifications.",
  });
  expect(await told(BASE, {})).toEqual({ "/name": "is required.", "/template": "is required." });
});

test("every fault of a query says what would be right", async () => {
  expect(await told(`${BASE}?limit=101&offset=x&order=up&page=2`)).toEqual({
    limit: "must be at most 100.",
    offset: "must be a whole number in plain digits.",
    order: "must be one of asc, desc.",
    page: "is not known here; allowed: limit, offset, cursor, sort, order, filter, search.",
  });
  expect(await told(`${BASE}/${"0".repeat(24)}?verbose=1`)).toEqual({
    verbose: "is not known here; nothing is allowed.",
  });
});

test("what is wrong is told in one sentence, however much it is", async () => {
  const error = async (path: string, options: Options = {}) =>
    (await call(options.body === undefined ? "GET" : "POST", path, options)).body.error;
  expect(await error(BASE, { body: {} })).toBe("/name is required; /template is required.");
  expect(await error(BASE, { body: [] })).toBe("The body must be an object.");
  const many = { a: 1, b: 2, c: 3, d: 4, e: 5 };
  expect(await error(BASE, { body: many })).toMatch(/; and 2 more\.$/);
  expect(await error(`${BASE}?filter={`)).toMatch(
    /^filter: A filter must be valid JSON, .*[^.]\.$/,
  );
  expect(await error(`${BASE}?limit=1&limit=2`)).toBe("limit is given more than once.");
});

test("a body that is not looked at is no way around the limit of bodies", async () => {
  const group = await newGroup(1);
  const raw = "x".repeat(64 * 1024 + 1);
  const headers = { "content-length": String(raw.length) };
  const answer = await call("POST", `${BASE}/${group}/cancel`, { raw, headers });
  expect(answer).toMatchObject({ status: 413, body: { code: "BODY_TOO_LARGE" } });
  expect((await call("GET", `${BASE}/${group}`)).body.data.status).toBe("queued");
});
