import { pathToFileURL } from "node:url";
import { expect, inject, test } from "vitest";
import { createClient } from "../../src/client.ts";
import { Client } from "../support/client.ts";
import { DEVELOPMENT_KEY } from "../support/dev-server.ts";
import { generateClient } from "../support/generated-client.ts";

const GENERATED = "dist/generated-for-results";
const url = inject("url");
const api = new Client(url, DEVELOPMENT_KEY);

/** A group of two read invoices. */
async function readGroup(): Promise<string> {
  const group = await api.newGroup(2);
  for (const { jobId, leaseId } of await api.claim(group)) {
    const path = `/ocr-invoice-job-group/${group}/jobs/${jobId}/complete`;
    await api.data("POST", path, { leaseId, extractedData: { total: 11.5, note: "ä" } });
  }
  return group;
}

test("the typed client reads results as text and as a stream", async () => {
  const param = { id: await readGroup() };
  const results = createClient(url, DEVELOPMENT_KEY)["ocr-invoice-job-group"][":id"].results;
  const csv = await results.$get({ param, query: { format: "csv", fields: "/total,/note" } });
  expect((await csv.text()).split("\r\n").slice(1, 3)).toEqual([
    expect.stringMatching(/,11\.5,ä$/),
    expect.stringMatching(/,11\.5,ä$/),
  ]);
  const { body } = await results.$get({ param, query: {} });
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body ?? []) text += decoder.decode(chunk, { stream: true });
  expect(text.trim().split("\n")).toHaveLength(2);
});

test("a client generated from the spec reads results of both formats as its types say, and as a stream", async () => {
  await generateClient(GENERATED);
  const generated = await import(pathToFileURL(`${GENERATED}/index.ts`).href);
  const options = {
    baseUrl: url,
    auth: () => DEVELOPMENT_KEY,
    path: { id: await readGroup() },
  };
  const csv = await generated.exportResults({ ...options, query: { format: "csv" } });
  expect(csv.data.split("\r\n")).toHaveLength(4);
  const ndjson = await generated.exportResults(options);
  expect(ndjson.data).toBeInstanceOf(Blob);
  expect(JSON.parse((await ndjson.data.text()).split("\n")[1])).toMatchObject({
    extractedData: { total: 11.5, note: "ä" },
  });
  const streamed = await generated.exportResults({ ...options, parseAs: "stream" });
  expect(streamed.data).toBeInstanceOf(ReadableStream);
  const found = await generated.findJobs({ ...options, query: { jobNumber: "none" } });
  expect(found.data).toEqual({ success: true, data: [], total: 0 });
});
