import type { Schema } from "@cfworker/json-schema";
import fc from "fast-check";
import type { Json } from "../client.ts";
import { fileOf, formOf } from "../files.ts";
import { broken, otherCaseOf, valid } from "./arbitraries.ts";
import { type Operation, operations } from "./spec.ts";

export interface Plan {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  /** Picks ids among those that there are. */
  readonly luck: number;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body?: Json;
  /** The body of an operation that takes no JSON. */
  readonly raw?: BodyInit;
  /** The status it must be answered. Left out: any that the spec declares, but not that of an invalid request. */
  readonly status?: number;
}
export type Change = Pick<Partial<Plan>, "query" | "headers" | "body" | "raw" | "status">;

/**
 * Values of parameters that the spec describes in words only. A cursor is good for the one list that gave it, a signature
 * for one document.
 */
const TOLD: Record<string, string[]> = {
  filter: ['{"status":"queued"}', '{"totalJobs":{"$gte":1}}', '{"$or":[{"tags":["a"]}]}'],
  cursor: [],
  document: [],
  expires: [],
  signature: [],
  // NDJSON has none.
  bom: ["false"],
};

const parametersIn = ({ parameters = [] }: Operation, place: string) =>
  parameters.filter((parameter) => parameter.in === place);

/** A wait is bounded by its schema like any number; a valid one would only take its time. */
const impatient = (body: Json): Json =>
  "waitSeconds" in body ? { ...body, waitSeconds: 0 } : body;

function fields(operation: Operation, place: string): fc.Arbitrary<Record<string, string>> {
  const known = parametersIn(operation, place).filter(({ name }) => TOLD[name]?.length !== 0);
  const arbitraries = known.map(({ name, schema }) => [
    name,
    name in TOLD ? fc.constantFrom(...(TOLD[name] ?? [])) : valid(schema).map(String),
  ]);
  const record = Object.fromEntries(arbitraries) as Record<string, fc.Arbitrary<string>>;
  const requiredKeys = known.flatMap(({ name, required }) => (required ? name : []));
  return fc.record(record, { requiredKeys }) as fc.Arbitrary<Record<string, string>>;
}

const FILE = fileOf("pdf", 100);
/** Files for an operation that takes them, alone or in a form. */
export const filesFor = ({ requestBody }: Operation): BodyInit | undefined => {
  const content = requestBody?.content ?? {};
  if ("application/octet-stream" in content) return FILE;
  return "multipart/form-data" in content ? formOf([{ name: "a.pdf", bytes: FILE }]) : undefined;
};

const schemaOf = ({ requestBody }: Operation) => requestBody?.content["application/json"]?.schema;

const validPlan = ({ method, path, operation }: (typeof operations)[number]) => {
  const schema = schemaOf(operation);
  const raw = filesFor(operation);
  return fc.record<Plan>({
    method: fc.constant(method),
    path: fc.constant(path),
    operation: fc.constant(operation),
    luck: fc.nat(),
    query: fields(operation, "query"),
    headers: fields(operation, "header"),
    ...(schema && { body: valid(schema).map(impatient) }),
    ...(raw && { raw: fc.constant(raw) }),
  });
};

/** Spellings of a number that are none in a query. */
const UNFIT_NUMBERS = ["-1", "+5", "010", "1e2", "0x10", "1.0", "1_0", " 5", "٥", "NaN", "5\0"];

const wrongTexts = (name: string, schema: Schema): string[] => [
  "",
  ...(schema.type === "integer" ? [...UNFIT_NUMBERS, String((schema.maximum ?? 0) + 1)] : []),
  ...(schema.type === "integer" && schema.minimum === 1 ? ["0"] : []),
  ...(schema.enum ? ["no fit", ...otherCaseOf(schema)] : []),
  ...(schema.maxLength ? ["x".repeat(schema.maxLength + 1), "\0"] : []),
  ...(name === "filter" ? ["{", "[]", '{"$where":"1"}'] : []),
  ...(name === "cursor" ? ["no fit"] : []),
];

/** Each is one step away from a valid request. */
function faultsOf(operation: Operation): fc.Arbitrary<Change>[] {
  const invalid = (change: Change): Change => ({ status: 400, ...change });
  const schema = schemaOf(operation);
  const query = parametersIn(operation, "query").flatMap(({ name, schema }) =>
    // A wrong signature is a wrong key: 401.
    (name === "signature" ? [] : wrongTexts(name, schema)).map((value) =>
      fc.constant(invalid({ query: { [name]: value } })),
    ),
  );
  const headers = parametersIn(operation, "header").flatMap(({ name }) =>
    ["no fit", ""].map((value) => fc.constant(invalid({ headers: { [name]: value } }))),
  );
  const keyless = ["", "wrong", `ocr_${"0".repeat(48)}`].map((key) =>
    fc.constant<Change>({ status: 401, headers: { "api-key": key } }),
  );
  const form = { "content-type": "text/plain" };
  return [
    // An empty list in the spec: no key is needed.
    ...(operation.security === undefined ? keyless : []),
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

/** A request for each fault: a valid one but for it. */
export const faultyPlans = (each: (typeof operations)[number]): fc.Arbitrary<Plan>[] =>
  faultsOf(each.operation).map((fault) =>
    fc.tuple(validPlan(each), fault).map(([plan, change]) => ({
      ...plan,
      ...change,
      query: { ...plan.query, ...change.query },
      headers: { ...plan.headers, ...change.headers },
    })),
  );

const plansOf = (each: (typeof operations)[number]): fc.Arbitrary<Plan> =>
  fc.oneof(validPlan(each), fc.oneof(...faultyPlans(each)));
export const plans = fc.oneof(...operations.map(plansOf));
