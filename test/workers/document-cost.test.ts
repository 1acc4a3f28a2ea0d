import { expect, test } from "vitest";
import type { Cost } from "../bench/exact-costs.ts";
import { Meter } from "../bench/workers/meter.ts";
import type { Options } from "../support/client.ts";
import { fileOf, formOf } from "../support/files.ts";
import { BASE, call, claim, data, newGroup } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

/** Round trips to D1, statements, most rows read, rows written. */
const COSTS: readonly Cost[] = [
  ["uploadDocuments, 2 files", 1, 2, 6, 4],
  ["putDocument", 3, 4, 7, 3],
  ["getDocument, with a key", 1, 1, 2, 0],
  ["getDocument, by its signed URL", 0, 0, 0, 0],
  ["exportResults, 3 queued", 3, 3, 22, 0],
  ["exportResults, CSV with a field", 3, 3, 22, 0],
];

test("documents cost exactly these round trips and written rows, and read no more rows", async () => {
  const meter = new Meter(database);
  const group = await newGroup(1);
  const [{ jobId }] = await data("GET", `${BASE}/${group}/jobs`);
  const files = ["a.pdf", "b.pdf"].map((name, seed) => ({ name, bytes: fileOf("pdf", 900, seed) }));
  const document = `${BASE}/${group}/jobs/${jobId}/document`;
  const results = `${BASE}/${group}/results?status=queued,processing,completed`;
  const costs: Cost[] = [];
  const measure = async (name: string, method: string, path: string, options: Options = {}) => {
    meter.take();
    const answer = await call(method, path, options);
    const { roundTrips, statements, rowsRead, rowsWritten } = meter.take();
    const most = COSTS.find(([operation]) => operation === name)?.[3] ?? 0;
    costs.push([name, roundTrips, statements, Math.max(most, rowsRead), rowsWritten]);
    return answer;
  };
  const raw = formOf(files);
  await measure("uploadDocuments, 2 files", "POST", `${BASE}/${group}/documents`, { raw });
  await measure("putDocument", "PUT", document, { raw: fileOf("png") });
  await measure("getDocument, with a key", "GET", document);
  const [{ documentUrl }] = await claim(group, 1);
  await measure("getDocument, by its signed URL", "GET", documentUrl, { key: null });
  await measure("exportResults, 3 queued", "GET", results);
  await measure("exportResults, CSV with a field", "GET", `${results}&format=csv&fields=/total`);
  expect(costs).toEqual(COSTS);
});
