/** Sends a request that must succeed; answers its `data`. */
// oxlint-disable-next-line typescript/no-explicit-any -- answers are checked by what is done with them
export type Send = (method: string, path: string, body?: object) => Promise<any>;

/** Every operation once, on a coordinator that is warm, told to `did` by name when it is done. */
export async function everyOperation(send: Send, did: (name: string) => void): Promise<void> {
  const step = async (name: string, ...request: Parameters<Send>) => {
    const data = await send(...request);
    did(name);
    return data;
  };
  const jobs = (count: number) => ({
    jobs: Array.from({ length: count }, (_, index) => ({ documentName: `invoice-${index}.pdf` })),
  });
  const settings = { parallelJobs: 10, retryCount: 1 };
  const input = {
    name: "Costs",
    template: "t-1",
    batchNumber: "B-1",
    createdBy: "someone",
    tags: ["a", "b"],
    processingSettings: settings,
  };
  const group = await step("createJobGroup", "POST", "", input);
  const path = `/${group._id}`;
  await step("getJobGroup", "GET", path);
  await step("listJobGroups", "GET", "");
  await step("listJobGroups, filtered", "GET", `?filter=${encodeURIComponent('{"tags":"a"}')}`);
  await step("listJobGroups, search", "GET", "?search=costs");
  await send("PUT", path, input);
  await step("updateJobGroup, new name", "PUT", path, { ...input, name: "Costs, again" });
  await step("addJobs, 1", "POST", `${path}/jobs`, jobs(1));
  await step("addJobs, 1 numbered", "POST", `${path}/jobs`, {
    jobs: [{ documentName: "a.pdf", jobNumber: "1" }],
  });
  await step("addJobs, 100", "POST", `${path}/jobs`, jobs(100));
  await step("processJobGroup", "POST", `${path}/process`);
  const claim = async (name: string, maxJobs: number, fields = {}) =>
    step(name, "POST", `${path}/jobs/claim`, { workerId: "w", maxJobs, ...fields });
  const settle = (name: string, { jobId, leaseId }: Lease, how: string, body = {}) =>
    step(name, "POST", `${path}/jobs/${jobId}/${how}`, { leaseId, ...body });
  const [first] = await claim("claimJobs, the group's first", 1);
  const result = { pages: 2, cost: 0.01 };
  const { next } = await settle("completeJob, claimNext", first, "complete", {
    ...result,
    claimNext: true,
  });
  await settle("completeJob", next.lease, "complete", result);
  const [second] = await claim("claimJobs, 1", 1);
  await settle("releaseJob", second, "release");
  const [third] = await claim("claimJobs, 1 given back", 1);
  await settle("failJob, to be retried", third, "fail", { error: "blurred" });
  const [fourth, ...others] = await claim("claimJobs, 10", 10, { heartbeatSeconds: 60 });
  const leases = others.map(({ jobId, leaseId }: Lease) => ({
    groupId: group._id,
    jobId,
    leaseId,
  }));
  await step("heartbeat, 9 leases", "POST", "/jobs/heartbeat", { leases });
  await settle("failJob, for good", fourth, "fail", { error: "blurred", retryable: false });
  await step("getJob", "GET", `${path}/jobs/${fourth.jobId}`);
  await step("listJobGroupJobs, 102", "GET", `${path}/jobs`);
  await step("exportResults, 3 of 102", "GET", `${path}/results`);
  await step("findJobs, 1 of 1", "GET", "/jobs?jobNumber=1");
  await step("retryJobGroup, 1 failed", "POST", `${path}/retry`);
  for (const { jobId, leaseId } of others) {
    await send("POST", `${path}/jobs/${jobId}/release`, { leaseId });
  }
  await step("claimAnyJobs, 1", "POST", "/jobs/claim", { workerId: "w", maxJobs: 1 });
  await step("cancelJobGroup, 100 open", "POST", `${path}/cancel`);
  await step("deleteJobGroup, 102 jobs", "DELETE", path);
}

interface Lease {
  readonly jobId: string;
  readonly leaseId: string;
}
