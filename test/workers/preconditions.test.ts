import { expect, test } from "vitest";
import { BASE, call, newGroup } from "../support/workers/api.ts";

const input = { name: "Edited", template: "t-1" };
const put = (group: string, ifMatch: string) =>
  call("PUT", `${BASE}/${group}`, { body: input, headers: { "if-match": ifMatch } });
const get = (group: string, headers: Record<string, string> = {}) =>
  call("GET", `${BASE}/${group}`, { headers });

test("a group's ETag changes with the group and with its jobs, and is the same until then", async () => {
  const group = await newGroup();
  const first = (await get(group)).headers.get("etag");
  expect(first).toMatch(/^"[0-9a-f]+"$/);
  expect((await get(group)).headers.get("etag")).toBe(first);
  await call("POST", `${BASE}/${group}/jobs`, { body: { jobs: [{ documentName: "a.pdf" }] } });
  const second = (await get(group)).headers.get("etag");
  expect(second).not.toBe(first);
  expect((await put(group, "*")).headers.get("etag")).not.toBe(second);
});

test("answers 304 without a body to a client that has the group as it is", async () => {
  const group = await newGroup();
  const etag = (await get(group)).headers.get("etag") ?? "";
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const answer = await get(group, { "if-none-match": known });
    expect(answer).toMatchObject({ status: 304, body: undefined });
    expect(answer.headers.get("etag")).toBe(etag);
  }
  expect((await get(group, { "if-none-match": '"other"' })).status).toBe(200);
});

test("of ten parallel edits of one revision one is made, the others are refused", async () => {
  const group = await newGroup();
  const etag = (await get(group)).headers.get("etag") ?? "";
  const answers = await Promise.all(Array.from({ length: 10 }, () => put(group, etag)));
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
});

test("refuses to delete a group that has changed, and headers that are no ETags", async () => {
  const group = await newGroup();
  const etag = (await get(group)).headers.get("etag") ?? "";
  await put(group, etag);
  const remove = (ifMatch: string) =>
    call("DELETE", `${BASE}/${group}`, { headers: { "if-match": ifMatch } });
  expect(await remove(etag)).toMatchObject({ status: 412, body: { code: "PRECONDITION_FAILED" } });
  expect(await remove(`W/${etag}`)).toMatchObject({ status: 412 });
  expect(await remove("unquoted")).toMatchObject({ status: 400 });
  expect(await remove((await get(group)).headers.get("etag") ?? "")).toMatchObject({ status: 200 });
});
