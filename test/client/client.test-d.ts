import { type Client, createClient } from "ocr-invoice-job-groups/client";
import { expectTypeOf } from "vitest";

const groups: Client["ocr-invoice-job-group"] = createClient("", "")["ocr-invoice-job-group"];

// @ts-expect-error -- a group needs a template
void groups.$post({ json: { name: "January" } });
// @ts-expect-error -- there is no such priority
void groups.$post({ json: { name: "January", template: "t", priority: "asap" } });
// @ts-expect-error -- the group must be named
void groups[":id"].$get();
// @ts-expect-error -- there is no such operation
void groups[":id"].jobs.$delete({ param: { id: "" } });
// @ts-expect-error -- an upload needs files
void groups[":id"].documents.$post({ param: { id: "" }, form: { jobs: "[]" } });
void groups[":id"].documents.$post({ param: { id: "" }, form: { file: [new File([], "")] } });

export async function answersAreTyped(): Promise<void> {
  const read = await groups[":id"].$get({ param: { id: "" } });
  if (read.status === 200) {
    const { data } = await read.json();
    expectTypeOf(data.totalJobs).toEqualTypeOf<number>();
    expectTypeOf(data.startedAt).toEqualTypeOf<string | undefined>();
  }
  const leases = [{ groupId: "", jobId: "", leaseId: "" }];
  const beaten = await groups.jobs.heartbeat.$post({ json: { leases } });
  if (beaten.status === 200) {
    for (const lease of (await beaten.json()).data) {
      if ("code" in lease) expectTypeOf(lease.code).toEqualTypeOf<"LEASE_LOST">();
      else expectTypeOf(lease.leaseExpiresAt).toEqualTypeOf<string>();
    }
  }
  const exported = await groups[":id"].results.$get({
    param: { id: "" },
    query: { format: "csv" },
  });
  if (exported.status === 200) expectTypeOf(await exported.text()).toEqualTypeOf<string>();
  const found = await groups.jobs.$get({ query: { jobNumber: "1" } });
  if (found.status === 200) {
    expectTypeOf((await found.json()).data[0]?.groupId).toEqualTypeOf<string | undefined>();
  }
  if (read.status === 404) {
    expectTypeOf((await read.json()).success).toEqualTypeOf<false>();
  }
}
