import { pathToFileURL } from "node:url";
import createFetchClient from "openapi-fetch";
import { expect, inject, test } from "vitest";
import { createClient } from "../../src/client.ts";
import { Client, type Json } from "../support/client.ts";
import { DEVELOPMENT_KEY } from "../support/dev-server.ts";
import { fileOf, sha256 } from "../support/files.ts";
import { generateClient } from "../support/generated-client.ts";

const url = inject("url");
const api = new Client(url, DEVELOPMENT_KEY);
const file = (name: string, seed: number) => new File([fileOf("pdf", 300_000, seed)], name);
const FILES = [file("a.pdf", 1), file("b.pdf", 2)];
const JOBS = JSON.stringify([{ jobNumber: "1" }, { jobNumber: "2" }]);
const LATER = file("later.pdf", 3);

/** What a client does with documents, in its own words. */
interface Documents {
  readonly upload: (group: string) => Promise<Json>;
  readonly put: (group: string, job: string) => Promise<Json>;
  readonly get: (group: string, job: string) => Promise<ArrayBuffer>;
}

/** Uploads two files and a third, and reads all of them. */
async function expectToWork({ upload, put, get }: Documents): Promise<void> {
  const group = await api.newGroup(1);
  const [{ jobId }] = await api.data("GET", `/ocr-invoice-job-group/${group}/jobs`);
  const { data } = await upload(group);
  const { added, jobs } = data;
  expect(added).toBe(2);
  expect(jobs.map(({ jobNumber }: Json) => jobNumber)).toEqual(["1", "2"]);
  expect((await put(group, jobId)).data).toMatchObject({ jobId, documentSize: LATER.size });
  for (const [index, job] of [...jobs, { jobId }].entries()) {
    const sent = [...FILES, LATER][index] ?? LATER;
    expect(await sha256(await get(group, job.jobId))).toBe(await sha256(await sent.arrayBuffer()));
  }
}

test("the typed client sends files in a form and as a body, and reads them", () => {
  const path = createClient(url, DEVELOPMENT_KEY)["ocr-invoice-job-group"][":id"];
  const { document } = path.jobs[":jobId"];
  return expectToWork({
    upload: async (id) =>
      (await path.documents.$post({ param: { id }, form: { file: FILES, jobs: JOBS } })).json(),
    put: async (id, jobId) =>
      (await document.$put({ param: { id, jobId } }, { init: { body: LATER } })).json(),
    get: async (id, jobId) => (await document.$get({ param: { id, jobId } })).arrayBuffer(),
  });
});

test("a client that openapi-ts generates sends files in a form and as a body, and reads them", async () => {
  const folder = "dist/generated-for-documents";
  await generateClient(folder);
  const generated = await import(pathToFileURL(`${folder}/index.ts`).href);
  const options = { baseUrl: url, auth: () => DEVELOPMENT_KEY, throwOnError: true };
  await expectToWork({
    upload: async (id) => {
      const body = { file: FILES, jobs: JOBS };
      return (await generated.uploadDocuments({ ...options, path: { id }, body })).data;
    },
    put: async (id, jobId) =>
      (await generated.putDocument({ ...options, path: { id, jobId }, body: LATER })).data,
    get: async (id, jobId) =>
      (await generated.getDocument({ ...options, path: { id, jobId } })).data.arrayBuffer(),
  });
});

test("openapi-fetch sends files in a form and as a body, and reads them and results", async () => {
  const client = createFetchClient<Json>({ baseUrl: url, headers: { "api-key": DEVELOPMENT_KEY } });
  await expectToWork({
    upload: async (id) => {
      const { data } = await client.POST("/ocr-invoice-job-group/{id}/documents", {
        params: { path: { id } },
        body: { file: [], jobs: JOBS },
        bodySerializer: ({ jobs }: Json) => {
          const form = new FormData();
          for (const each of FILES) form.append("file", each);
          form.append("jobs", jobs);
          return form;
        },
      });
      return data;
    },
    put: async (id, jobId) => {
      const { data } = await client.PUT("/ocr-invoice-job-group/{id}/jobs/{jobId}/document", {
        params: { path: { id, jobId } },
        body: "",
        headers: { "content-type": "application/pdf" },
        bodySerializer: () => LATER,
      });
      return data;
    },
    get: async (id, jobId) => {
      const { data } = await client.GET("/ocr-invoice-job-group/{id}/jobs/{jobId}/document", {
        params: { path: { id, jobId } },
        parseAs: "arrayBuffer",
      });
      return data ?? new ArrayBuffer();
    },
  });
  const id = await api.newGroup(1);
  const { data } = await client.GET("/ocr-invoice-job-group/{id}/results", {
    params: { path: { id }, query: { status: "queued", format: "csv" } },
    parseAs: "stream",
  });
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of data ?? []) text += decoder.decode(chunk, { stream: true });
  expect(text.split("\r\n")).toHaveLength(3);
});
