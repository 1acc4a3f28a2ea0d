import { expect, test } from "vitest";
import { documentsIn, inCalls } from "../../../src/dashboard/group/document-lines.ts";
import { addressOf, fromAddress, toQuery } from "../../../src/dashboard/groups/query.ts";
import { groupInput } from "../../../src/dashboard/new-group/group-input.ts";

test("a line is a document by its name, or by the address from which it is fetched", () => {
  const lines =
    " invoice 1.pdf \n\nhttps://files.example/a/in%20voice.pdf?x=1\nhttps://files.example";
  expect(documentsIn(lines)).toEqual([
    { documentName: "invoice 1.pdf" },
    {
      documentName: "in voice.pdf",
      documentUrl: "https://files.example/a/in%20voice.pdf?x=1",
    },
    { documentName: "https://files.example", documentUrl: "https://files.example" },
  ]);
});

test("more documents than a request may add are added by several", () => {
  const jobs = Array.from({ length: 2_001 }, (_, n) => ({ documentName: `${n}` }));
  expect(inCalls(jobs).map(({ length }) => length)).toEqual([1_000, 1_000, 1]);
  expect(inCalls(jobs).flat()).toEqual(jobs);
});

test("the address of a list is the whole of its state, and a change of it drops the cursor", () => {
  const state = { search: "a&b=c", status: "failed" as const, tag: "é", cursor: "abc" };
  const address = addressOf(state, { priority: "high", tag: "" });
  expect(address).toBe("/dashboard?search=a%26b%3Dc&status=failed&priority=high");
  const query = Object.fromEntries(new URL(address, "http://x").searchParams);
  expect(fromAddress(query)).toEqual({ search: "a&b=c", status: "failed", priority: "high" });
});

test("a list's state is the query that the API takes", () => {
  const state = {
    search: "x",
    status: "failed" as const,
    tag: "t",
    sort: "name",
    order: "asc" as const,
  };
  expect(toQuery({ ...state, cursor: "c" })).toEqual({
    limit: "50",
    search: "x",
    sort: "name",
    order: "asc",
    cursor: "c",
    filter: '{"status":"failed","tags":"t"}',
  });
});

test("a share of failures is a percentage in the form and a fraction in the request", () => {
  const form = new FormData();
  for (const [name, value] of Object.entries({
    maxFailureRate: "12.5",
    maxCost: "9",
    retentionDays: "30",
  })) {
    form.set(name, value);
  }
  expect(groupInput(form)).toMatchObject({
    retentionDays: 30,
    processingSettings: { maxFailureRate: 0.125, maxCost: 9 },
  });
});

test("what is left empty in the form of a new group is left out of the request", () => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ name: " A ", template: "t", retryCount: "0" })) {
    form.set(name, value);
  }
  form.set("tags", "a, b ,,");
  form.set("onFailure", "on");
  expect(groupInput(form)).toEqual({
    name: "A",
    template: "t",
    tags: ["a", "b"],
    processingSettings: { retryCount: 0 },
    notifications: { onCompletion: false, onFailure: true, recipients: [] },
  });
});
