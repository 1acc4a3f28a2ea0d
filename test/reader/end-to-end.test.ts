import { afterAll, expect, test } from "vitest";
import { readOutcomes, startBatch } from "../../src/processor/demo/batch.ts";
import { closeReader, readInvoice } from "../../src/processor/reader/read-invoice.ts";
import { makeSamples, type Sample } from "../../src/processor/samples/make-samples.ts";
import { startKillable } from "../kit/start-server.ts";

const server = startKillable();
afterAll(closeReader);

test("six invoices of six layouts are uploaded, read by the kit and OCR, and come back with their totals", async () => {
  const api = { url: server.running.url, key: server.running.api.key };
  const samples: Sample[] = [];
  for await (const sample of makeSamples({ count: 6 })) samples.push(sample);
  expect(new Set(samples.map(({ kind }) => kind)).size).toBe(3);
  const groupId = await startBatch(api, samples);
  await server
    .processor({
      groupId,
      concurrency: 2,
      read: (job, { signal }) => readInvoice(job.document, { signal }),
    })
    .run();
  const outcomes = await readOutcomes(api, groupId, samples);
  expect(
    outcomes.map(({ sample: { name }, extractedData: { total, currency } }) => ({
      name,
      total,
      currency,
    })),
  ).toEqual(samples.map(({ name, truth: { total, currency } }) => ({ name, total, currency })));
  expect(await server.group(groupId)).toMatchObject({
    status: "completed",
    outcome: "succeeded",
    completedJobs: 6,
    statistics: { totalPages: 6 },
  });
  expect(await server.isExact(groupId)).toBe(true);
}, 180_000);
