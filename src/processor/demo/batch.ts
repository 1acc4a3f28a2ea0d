import type { createClient } from "ocr-invoice-job-groups/client";
import { FIELDS } from "../samples/score.ts";
import { serveSamples } from "./serve-samples.ts";
import type { Sample } from "../samples/make-samples.ts";

export type Groups = ReturnType<typeof createClient>["ocr-invoice-job-group"];

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

/** Creates a group, adds the samples and releases them to the processors; answers the group's id. */
export async function startBatch(groups: Groups, samples: readonly Sample[]): Promise<string> {
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
  await addSamples(groups, id, samples);
  const released = await groups[":id"].process.$post({ param: { id } });
  if (released.status !== 200) throw new Error((await released.json()).error);
  return id;
}

/** The API stores no bytes: the samples stay here, and the jobs hold their addresses. */
async function addSamples(groups: Groups, id: string, samples: readonly Sample[]): Promise<void> {
  const origin = await serveSamples(samples);
  const jobs = samples.map(({ name }, index) => ({
    documentName: name,
    documentUrl: `${origin}/${index}`,
    jobNumber: `DEMO-${index + 1}`,
  }));
  const added = await groups[":id"].jobs.$post({ param: { id }, json: { jobs } });
  if (added.status !== 201) throw new Error((await added.json()).error);
}

/** The samples' readings, in their order. */
export async function readOutcomes(
  groups: Groups,
  id: string,
  samples: readonly Sample[],
): Promise<Outcome[]> {
  const lines = (await exportAs(groups, id, { format: "ndjson" })).trim().split("\n");
  if (lines.length !== samples.length) throw new Error(`${lines.length} jobs have ended`);
  return samples.map((sample, index) => {
    const { status, errorCode, extractedData = {} } = JSON.parse(lines[index] ?? "") as Job;
    return { sample, status, errorCode, extractedData };
  });
}

/** The results as a spreadsheet takes them, with a column for each field. */
export const readCsv = (groups: Groups, id: string): Promise<string> =>
  exportAs(groups, id, { format: "csv", fields: FIELDS.map((field) => `/${field}`).join(",") });

async function exportAs(
  groups: Groups,
  id: string,
  query: { format: "csv" | "ndjson"; fields?: string },
): Promise<string> {
  const answer = await groups[":id"].results.$get({ param: { id }, query });
  if (!answer.ok) throw new Error(`the export is answered ${answer.status}`);
  return answer.text();
}
