import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { broken, valid } from "../support/workers/arbitraries.ts";
import {
  BASE,
  call,
  expectCountersToBeExact,
  type Json,
  newGroup,
  type Options,
} from "../support/workers/api.ts";
import { type Operation, operations } from "../support/workers/spec.ts";

const REQUESTS = 5_000;
/** Few groups, so that requests meet in them; enough, so that some live on. */
const GROUPS = 12;
const LANES = 4;

interface Plan {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  /** Picks ids among those that there are. */
  readonly luck: number;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body?: Json;
  /** What it must be answered; when left out, anything the spec declares but an invalid request. */
  readonly status?: number;
}
type Change = Pick<Partial<Plan>, "query" | "headers" | "body" | "status">;

/** What the spec tells in words only; a cursor is good for the one list that gave it. */
const TOLD: Record<string, string[]> = {
  filter: ['{"status":"queued"}', '{"totalJobs":{"$gte":1}}', '{"$or":[{"tags":["a"]}]}'],
  cursor: [],
};

const parametersIn = ({ parameters = [] }: Operation, place: string) =>
  parameters.filter((parameter) => parameter.in === place);

function fields(operation: Operation, place: string): fc.Arbitrary<Record<string, string>> {
  const known = parametersIn(operation, place).filter(({ name }) => TOLD[name]?.length !== 0);
  const arbitraries = known.map(({ name, schema }) => [
    name,
    name in TOLD ? fc.constantFrom(...(TOLD[name] ?? [])) : valid(schema).map(String),
  ]);
  const record = Object.fromEntries(arbitraries) as Record<string, fc.Arbitrary<string>>;
  return fc.record(record, { requiredKeys: [] }) as fc.Arbitrary<Record<string, string>>;
}

const schemaOf = ({ requestBody }: Operation) => requestBody?.content["application/json"].schema;

const validPlan = ({ method, path, operation }: (typeof operations)[number]) => {
  const schema = schemaOf(operation);
  return fc.record<Plan>({
    method: fc.constant(method),
    path: fc.constant(path),
    operation: fc.constant(operation),
    luck: fc.nat(),
    query: fields(operation, "query"),
    headers: fields(operation, "header"),
    ...(schema && { body: valid(schema) }),
  });
};

/** Each is one step away from a valid request. */
function faultsOf(operation: Operation): fc.Arbitrary<Change>[] {
  const invalid = (change: Change): Change => ({ status: 400, ...change });
  const schema = schemaOf(operation);
  const query = parametersIn(operation, "query").map(({ name, schema }) =>
    fc
      .constantFrom(
        ...(schema.type === "integer" ? ["1e2", "-1", " 1", `${schema.maximum}0`] : []),
        ...(schema.enum ? ["no fit"] : []),
        ...(schema.maxLength ? ["x".repeat(schema.maxLength + 1), "\0"] : []),
        ...(name === "filter" ? ["{", "[]", '{"$where":"1"}'] : []),
        ...(name === "cursor" ? ["no fit"] : []),
        "",
      )
      .map((value) => invalid({ query: { [name]: value } })),
  );
  const headers = parametersIn(operation, "header").map(({ name }) =>
    fc.constantFrom("no fit", "").map((value) => invalid({ headers: { [name]: value } })),
  );
  const keyless = fc
    .constantFrom("", "wrong", `ocr_${"0".repeat(48)}`)
    .map((key): Change => ({ status: 401, headers: { "api-key": key } }));
  const form = { "content-type": "text/plain" };
  return [
    keyless,
    fc.constant(invalid({ query: { unknown: "1" } })),
    ...query,
    ...headers,
    ...(schema === undefined
      ? []
      : [
          fc.constant<Change>({ status: 415, headers: form }),
          ...broken(schema).map((fault) => fault.map((body) => invalid({ body }))),
        ]),
  ];
}

const plansOf = (each: (typeof operations)[number]): fc.Arbitrary<Plan> => {
  const whole = validPlan(each);
  const faulty = fc
    .tuple(whole, fc.oneof(...faultsOf(each.operation)))
    .map(([plan, change]): Plan => ({
      ...plan,
      ...change,
      query: { ...plan.query, ...change.query },
      headers: { ...plan.headers, ...change.headers },
    }));
  return fc.oneof(whole, faulty);
};
const plans = fc.oneof(...operations.map(plansOf));

const UNKNOWN = "0".repeat(24);

/** What requests so far have brought into being. */
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
    const query = new URLSearchParams(plan.query).toString();
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

/** A rule that no schema can tell: job numbers differ within a request. */
const unique = (body: Json): Json =>
  Array.isArray(body?.jobs) && body.jobs.length < 10
    ? { ...body, jobs: body.jobs.map((job: Json, n: number) => numbered(job, n)) }
    : body;
const numbered = (job: Json, n: number): Json =>
  typeof job?.jobNumber === "string" && job.jobNumber !== ""
    ? { ...job, jobNumber: `${n}${job.jobNumber}` }
    : job;

test(`${REQUESTS} requests made from the spec are answered as it declares, and counters stay exact`, async () => {
  const seed = Date.now();
  // Webhooks are called in this isolate, until it ends.
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response());
  const world = new World();
  for (let n = 0; n < GROUPS; n++) world.add(BASE, await newGroup(30));
  const waiting = fc.sample(plans, { seed, numRuns: REQUESTS });
  const statuses: Record<string, number> = {};
  const lane = async (): Promise<void> => {
    for (let plan = waiting.pop(); plan !== undefined; plan = waiting.pop()) {
      const { path, body } = world.place(plan);
      const { "api-key": key, ...headers } = plan.headers;
      const options: Options = {
        headers: { ...headers },
        ...(body !== undefined && { body }),
        ...(key !== undefined && { key }),
      };
      const answer = await call(plan.method, path, options);
      const what = `seed ${seed}: ${plan.method} ${path} ${JSON.stringify(options)} is answered ${JSON.stringify(answer.body)}`;
      const { status } = answer;
      const asPlanned = plan.status === undefined ? status !== 400 : status === plan.status;
      expect(asPlanned && status < 500, what).toBe(true);
      world.learn(plan, status, answer.body);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  console.log(`${REQUESTS} requests from seed ${seed}:`, JSON.stringify(statuses));
  for (const group of world.groups()) {
    const { status } = await call("GET", `${BASE}/${group}`);
    if (status === 200) await expectCountersToBeExact(group);
  }
});
