import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import {
  type Answer,
  BASE,
  call,
  expectCountersToBeExact,
  type Json,
  newGroup,
  type Options,
} from "../support/workers/api.ts";
import { dump, expectRefusal } from "../support/workers/refusals.ts";
import { faultyPlans, type Plan, plans } from "../support/workers/requests.ts";
import { operations } from "../support/workers/spec.ts";

const REQUESTS = 5_000;
/** Few groups, so that requests meet in them; enough, so that some live on. */
const GROUPS = 12;
const LANES = 4;

const UNKNOWN = "0".repeat(24);

/** The ids that requests so far have brought into being. */
class World {
  readonly #ids = new Map<string, string[]>();
  readonly #leases: Json[] = [];

  add(path: string, id: string): void {
    const ids = this.#ids.get(kindOf(path)) ?? [];
    this.#ids.set(kindOf(path), [id, ...ids].slice(0, GROUPS));
  }

  groups = () => this.#ids.get(kindOf(BASE)) ?? [];

  /** The request with ids, and often with a lease, of what there is. */
  place({ path, luck, body, ...plan }: Plan): { path: string; body: Json } {
    const lease = luck % 3 === 0 ? undefined : this.#leases[luck % this.#leases.length];
    const ids = this.#ids.get(kindOf(path)) ?? [];
    const id = path.includes("{jobId}") && lease ? lease.groupId : ids[luck % (ids.length + 1)];
    const leased = plan.status === undefined && lease !== undefined && body?.leaseId !== undefined;
    const query = new URLSearchParams(
      plan.status === undefined ? consistent(plan.query) : plan.query,
    ).toString();
    const target = path
      .replace("{jobId}", lease?.jobId ?? UNKNOWN)
      .replace(/\{\w+\}/, id ?? UNKNOWN)
      .replace(/\{\w+\}/, UNKNOWN);
    return {
      path: query === "" ? target : `${target}?${query}`,
      body: leased ? { ...body, leaseId: lease.leaseId } : unique(body),
    };
  }

  learn({ path, operation }: Plan, status: number, answer: Json): void {
    const { _id, id = _id, webhookId = id } = answer?.data ?? {};
    if (status === 201 && !path.includes("{")) this.add(path, webhookId);
    if (status === 200 && operation.operationId.startsWith("claim"))
      this.#leases.unshift(...answer.data);
  }
}

const kindOf = (path: string): string => path.split("/")[1] ?? "";

/** A rule that no schema can tell: only failed jobs have an error code. */
const consistent = ({ errorCode, ...query }: Plan["query"]): Plan["query"] =>
  errorCode === undefined ? query : { ...query, errorCode, status: "failed" };

/** A rule that no schema can tell: job numbers differ within a request. */
const unique = (body: Json): Json =>
  Array.isArray(body?.jobs) && body.jobs.length < 10
    ? { ...body, jobs: body.jobs.map((job: Json, n: number) => numbered(job, n)) }
    : body;
const numbered = (job: Json, n: number): Json =>
  typeof job?.jobNumber === "string" && job.jobNumber !== ""
    ? { ...job, jobNumber: `${n}${job.jobNumber}` }
    : job;

const world = new World();
const seed = Date.now();

beforeAll(async () => {
  // Webhooks are called in this isolate, until it ends.
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response());
  for (let n = 0; n < GROUPS; n++) world.add(BASE, await newGroup(30));
});

/** Results are streamed: when another lane deletes their group, the answer can only break off. */
function brokenOff(error: Error): undefined {
  if (!error.message.startsWith("the group was deleted while its results")) throw error;
}

/** Sends the request, and holds the answer against what was planned. */
async function send(plan: Plan): Promise<Answer> {
  const { path, body } = world.place(plan);
  const { "api-key": key, ...headers } = plan.headers;
  const options: Options = {
    headers,
    ...(body !== undefined && { body }),
    ...(plan.raw !== undefined && { raw: plan.raw }),
    ...(key !== undefined && { key }),
  };
  const answer = await call(plan.method, path, options);
  const { status } = answer;
  const asPlanned = plan.status === undefined ? status !== 400 : status === plan.status;
  const what = `seed ${seed}: ${plan.method} ${path} ${JSON.stringify(options)} is answered ${JSON.stringify(answer.body)}`;
  expect(asPlanned && status < 500, what).toBe(true);
  return answer;
}

test.each(operations)(
  "$operation.operationId refuses each fault that its schemas imply, and changes nothing",
  async (each) => {
    const before = await dump();
    const faulty = faultyPlans(each).flatMap((plan) => fc.sample(plan, { seed, numRuns: 1 }));
    expect(faulty.length).toBeGreaterThan(each.operation.security === undefined ? 3 : 0);
    for (const plan of faulty) expectRefusal(await send(plan));
    expect(await dump()).toEqual(before);
  },
);

test(`${REQUESTS} requests made from the spec are answered as it declares, and counters stay exact`, async () => {
  const waiting = fc.sample(plans, { seed, numRuns: REQUESTS });
  const statuses: Record<string, number> = {};
  const lane = async (): Promise<void> => {
    for (let plan = waiting.pop(); plan !== undefined; plan = waiting.pop()) {
      const answer = await send(plan).catch(brokenOff);
      if (answer === undefined) continue;
      const { status, body } = answer;
      world.learn(plan, status, body);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  console.log(`${REQUESTS} requests from seed ${seed}:`, JSON.stringify(statuses));
  for (const group of world.groups()) {
    const { status } = await call("GET", `${BASE}/${group}`);
    if (status === 200) await expectCountersToBeExact(group);
  }
}, 300_000);
