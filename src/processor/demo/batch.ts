import type { createClient } from "ocr-invoice-job-groups/client";
import { serveSamples } from "./serve-samples.ts";
import type { Sample } from "../samples/make-samples.ts";

export type Groups = ReturnType<typeof createClient>["ocr-invoice-job-group"];

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
  const listed = await groups[":id"].jobs.$get({ param: { id } });
  if (listed.status !== 200) throw new Error("the group is gone");
  const { data: jobs } = await listed.json();
  const outcomes: Outcome[] = [];
  for (const [index, { jobId }] of jobs.entries()) {
    const answer = await groups[":id"].jobs[":jobId"].$get({ param: { id, jobId } });
    const sample = samples[index];
    if (answer.status !== 200 || sample === undefined) throw new Error("a job is gone");
    const { status, errorCode, extractedData = {} } = (await answer.json()).data;
    outcomes.push({ sample, status, errorCode, extractedData });
  }
  return outcomes;
}
