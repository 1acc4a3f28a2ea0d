import { createClient } from "ocr-invoice-job-groups/client";
import { FIELDS } from "../samples/score.ts";
import type { Sample } from "../samples/make-samples.ts";

export interface Api {
  url: string;
  key: string;
}

type Groups = ReturnType<typeof createClient>["ocr-invoice-job-group"];

interface Job {
  status: string;
  errorCode?: string;
  extractedData?: Record<string, unknown>;
}

/** The reading of a sample as the API keeps it. */
export interface Outcome {
  sample: Sample;
  status: string;
  errorCode: string | undefined;
  extractedData: Record<string, unknown>;
}

export const groupsOf = ({ url, key }: Api): Groups =>
  createClient(url, key)["ocr-invoice-job-group"];

/** Creates a group, uploads the samples and releases them to the processors; answers the group's id. */
export async function startBatch(api: Api, samples: readonly Sample[]): Promise<string> {
  const groups = groupsOf(api);
  const created = await groups.$post({
    json: {
      name: "Demonstration",
      template: "invoice-standard",
      tags: ["demo"],
      processingSettings: { parallelJobs: 10 },
    },
  });
  if (created.status !== 201) throw new Error((await created.json()).error);
  const { _id: id } = (await created.json()).data;
  await upload(api, id, samples);
  const released = await groups[":id"].process.$post({ param: { id } });
  if (released.status !== 200) throw new Error((await released.json()).error);
  return id;
}

/** All files go up in one request. */
async function upload({ url, key }: Api, id: string, samples: readonly Sample[]): Promise<void> {
  const form = new FormData();
  const details = samples.map((_, index) => ({ jobNumber: `DEMO-${index + 1}` }));
  form.append("jobs", JSON.stringify(details));
  for (const { name, bytes } of samples)
    form.append("file", new Blob([new Uint8Array(bytes)]), name);
  const sent = { method: "POST", headers: { "api-key": key }, body: form };
  const answer = await fetch(`${url}/ocr-invoice-job-group/${id}/documents`, sent);
  if (!answer.ok)
    throw new Error(`the upload is answered ${answer.status}: ${await answer.text()}`);
}

/** The samples' readings, in their order. */
export async function readOutcomes(
  api: Api,
  id: string,
  samples: readonly Sample[],
): Promise<Outcome[]> {
  const lines = (await exportAs(api, id, { format: "ndjson" })).trim().split("\n");
  if (lines.length !== samples.length) throw new Error(`${lines.length} jobs have ended`);
  return samples.map((sample, index) => {
    const { status, errorCode, extractedData = {} } = JSON.parse(lines[index] ?? "") as Job;
    return { sample, status, errorCode, extractedData };
  });
}

/** The results as a spreadsheet takes them, with a column for each field. */
export const readCsv = (api: Api, id: string): Promise<string> =>
  exportAs(api, id, { format: "csv", fields: FIELDS.map((field) => `/${field}`).join(",") });

async function exportAs(
  api: Api,
  id: string,
  query: { format: "csv" | "ndjson"; fields?: string },
): Promise<string> {
  const answer = await groupsOf(api)[":id"].results.$get({ param: { id }, query });
  if (!answer.ok) throw new Error(`the export is answered ${answer.status}`);
  return answer.text();
}
