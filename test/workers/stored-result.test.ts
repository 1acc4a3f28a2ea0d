import { expect, test } from "vitest";
import { invoiceOf } from "../support/invoice.ts";
import { BASE, call, claim, data, newGroup, open, settle } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const extractedData = invoiceOf(3_400);

async function completed(fields: object): Promise<string> {
  const group = await newGroup(1);
  const [lease] = await claim(group, 1);
  await settle(group, lease, "complete", fields);
  return `${BASE}/${group}`;
}

const typeOf = (path: string) =>
  database
    .prepare("SELECT typeof(extracted_data) AS type FROM job WHERE group_id = ?")
    .bind(path.split("/").at(-1))
    .first("type");

test("a compressed result is answered byte for byte as it was reported, by getJob and by the export", async () => {
  const path = await completed({ extractedData });
  expect(await typeOf(path)).toBe("blob");
  const text = `"extractedData":${JSON.stringify(extractedData)}`;
  const { jobId } = (await data("GET", `${path}/jobs`))[0];
  expect(await (await open(`${path}/jobs/${jobId}`)).text()).toContain(text);
  expect(await (await open(`${path}/results`)).text()).toContain(text);
  const { body } = await call("GET", `${path}/results?format=csv&fields=/invoiceNumber`);
  expect(body).toContain(`,${extractedData.invoiceNumber}\r\n`);
});

test("a result that a former version has stored as text is answered as before", async () => {
  const path = await completed({});
  const text = JSON.stringify(extractedData);
  await database
    .prepare("UPDATE job SET extracted_data = ? WHERE group_id = ?")
    .bind(text, path.split("/").at(-1))
    .run();
  const { jobId } = (await data("GET", `${path}/jobs`))[0];
  expect(await (await open(`${path}/jobs/${jobId}`)).text()).toContain(`"extractedData":${text}`);
  expect(await (await open(`${path}/results`)).text()).toContain(`"extractedData":${text}`);
});

test("an export of results that are far longer than their stored form comes in parts of bounded length", async () => {
  const group = await newGroup(12, { settings: { parallelJobs: 10 } });
  const long = { text: "x".repeat(250_000) };
  for (const lease of [...(await claim(group, 6)), ...(await claim(group, 4))])
    await settle(group, lease, "complete", { extractedData: long });
  const { body } = await open(`${BASE}/${group}/results`);
  const lengths: number[] = [];
  for await (const part of body ?? []) lengths.push((part as Uint8Array).byteLength);
  expect(lengths.reduce((sum, length) => sum + length)).toBeGreaterThan(2_500_000);
  expect(Math.max(...lengths)).toBeLessThan(1_300_000);
});
