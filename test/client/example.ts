import { createClient } from "ocr-invoice-job-groups/client";

/** Brings one invoice through a group of its own; answers the group as it ended. */
export async function readOneInvoice(baseUrl: string, apiKey: string) {
  const groups = createClient(baseUrl, apiKey)["ocr-invoice-job-group"];

  const created = await groups.$post({ json: { name: "January", template: "invoice-standard" } });
  if (!created.ok) throw new Error((await created.json()).error);
  const { _id: id } = (await created.json()).data;

  const group = groups[":id"];
  await group.jobs.$post({ param: { id }, json: { jobs: [{ documentName: "invoice-1.pdf" }] } });
  await group.process.$post({ param: { id } });

  const claimed = await group.jobs.claim.$post({
    param: { id },
    json: { workerId: "example", maxJobs: 1 },
  });
  if (!claimed.ok) throw new Error((await claimed.json()).error);
  for (const { jobId, leaseId } of (await claimed.json()).data) {
    await group.jobs[":jobId"].complete.$post({
      param: { id, jobId },
      json: { leaseId, pages: 2, cost: 0.015 },
    });
  }

  const read = await group.$get({ param: { id } });
  if (read.status !== 200) throw new Error("the group is gone");
  return (await read.json()).data;
}
