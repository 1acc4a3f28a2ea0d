import { expect, test } from "vitest";
import { CALL_WEIGHTS, callWeight } from "../../src/http/auth/call-weights.ts";
import { SCOPES } from "../../src/domain/api-key.ts";
import type { Schema } from "@cfworker/json-schema";
import { spec, validatorOf } from "../support/workers/spec.ts";

interface Content {
  schema?: object;
  example?: unknown;
  examples?: object;
}
interface Described {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  "x-scope"?: string;
  "x-call-weight"?: number;
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
}

interface Parameter {
  name: string;
  description?: string;
  required?: boolean;
  schema: object;
  examples?: object;
}
/** The keys of a parameter that the viewer would fill it from. */
const OFFERS = new Set(["example", "default", "enum"]);

const BASE = "/ocr-invoice-job-group";
const operations = Object.entries(spec.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation: operation as unknown as Described,
  })),
);

const CONTRACT: [name: string, operationId: string, statuses: string][] = [
  [`GET ${BASE}`, "listJobGroups", "200 400 401 500"],
  [`POST ${BASE}`, "createJobGroup", "201 400 401 500"],
  [`GET ${BASE}/{id}`, "getJobGroup", "200 401 404 500"],
  [`PUT ${BASE}/{id}`, "updateJobGroup", "200 400 401 404 500"],
  [`DELETE ${BASE}/{id}`, "deleteJobGroup", "200 401 404 500"],
  [`GET ${BASE}/{id}/jobs`, "listJobGroupJobs", "200 401 404 500"],
];

const EXTENSIONS: [name: string, operationId: string, statuses: string][] = [
  [`POST ${BASE}/{id}/jobs`, "addJobs", "201 400 401 403 404 409 413 415 500"],
  [`POST ${BASE}/{id}/documents`, "uploadDocuments", "201 400 401 403 404 409 413 415 500 501"],
  [`PUT ${BASE}/{id}/jobs/{jobId}/document`, "putDocument", "200 400 401 403 404 409 413 500 501"],
  [
    `GET ${BASE}/{id}/jobs/{jobId}/document`,
    "getDocument",
    "200 206 304 400 401 403 404 416 500 501",
  ],
  [`GET ${BASE}/{id}/jobs/{jobId}`, "getJob", "200 401 403 404 500"],
  [`POST ${BASE}/{id}/process`, "processJobGroup", "200 401 403 404 409 500"],
  [`GET ${BASE}/{id}/events`, "streamJobGroup", "200 204 401 403 404 500"],
  [`GET ${BASE}/{id}/verify`, "verifyJobGroup", "200 401 403 404 500 503"],
  [`GET ${BASE}/{id}/errors`, "listJobErrors", "200 401 403 404 500"],
  [`GET ${BASE}/{id}/results`, "exportResults", "200 400 401 403 404 500"],
  [`GET ${BASE}/jobs`, "findJobs", "200 400 401 403 500"],
  ["GET /metrics", "getMetrics", "200 401 403 500"],
  [`POST ${BASE}/{id}/pause`, "pauseJobGroup", "200 400 401 403 404 409 413 415 500"],
  [`POST ${BASE}/{id}/resume`, "resumeJobGroup", "200 401 403 404 409 500"],
  [`POST ${BASE}/{id}/cancel`, "cancelJobGroup", "200 400 401 403 404 409 413 415 500"],
  [`POST ${BASE}/{id}/retry`, "retryJobGroup", "200 400 401 403 404 409 413 415 500"],
  [`POST ${BASE}/{id}/jobs/claim`, "claimJobs", "200 400 401 403 404 413 415 500"],
  [`POST ${BASE}/jobs/claim`, "claimAnyJobs", "200 400 401 403 413 415 500"],
  [`POST ${BASE}/jobs/heartbeat`, "heartbeat", "200 400 401 403 413 415 500 503"],
  [`POST ${BASE}/{id}/jobs/{jobId}/complete`, "completeJob", "200 400 401 403 404 409 413 415 500"],
  [`POST ${BASE}/{id}/jobs/{jobId}/fail`, "failJob", "200 400 401 403 404 409 413 415 500"],
  [`POST ${BASE}/{id}/jobs/{jobId}/release`, "releaseJob", "200 400 401 403 404 409 413 415 500"],
];

test.each([...CONTRACT, ...EXTENSIONS])("%s is %s and declares %s", (name, id, statuses) => {
  const found = operations.find((candidate) => candidate.name === name)?.operation;
  expect(found?.operationId).toBe(id);
  expect(Object.keys(found?.responses ?? {})).toEqual(expect.arrayContaining(statuses.split(" ")));
});

test("every operation asks for exactly one scope, but a document's reader, a key that asks of itself and a monitor of the API", () => {
  const without = operations.filter(({ operation }) => operation["x-scope"] === undefined);
  expect(without.map(({ operation }) => operation.operationId)).toEqual([
    "getDocument",
    "getCurrentApiKey",
    "getReadiness",
  ]);
  expect(SCOPES).toEqual(
    expect.arrayContaining(operations.flatMap(({ operation }) => operation["x-scope"] ?? [])),
  );
});

test("an operation with a key shows what its call counts for, and every weight is that of an operation", () => {
  const keyed = operations.map(({ operation }) => operation).filter((one) => "x-scope" in one);
  const shown = keyed.map((one) => [one.operationId, one["x-call-weight"]]);
  expect(shown).toEqual(keyed.map(({ operationId }) => [operationId, callWeight(operationId)]));
  expect(keyed.map(({ operationId }) => operationId)).toEqual(
    expect.arrayContaining(Object.keys(CALL_WEIGHTS)),
  );
});

test("no two operations share an operationId", () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(ids).toEqual([...new Set(ids)]);
});

test.each(operations)(
  "$name says what it is, what it answers, and every failure as a problem",
  ({ operation }) => {
    expect(operation.operationId).toMatch(/^[a-z]+[A-Za-z]*$/);
    expect(operation.tags).toHaveLength(1);
    expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(operation.description.length).toBeGreaterThan(40);
    const responses = Object.entries(operation.responses);
    const successes = responses.filter(
      ([status]) => status < "300" && status !== "204" && status !== "206",
    );
    expect(successes).toHaveLength(1);
    for (const [, { description, content = {} }] of successes) {
      expect(description).not.toBe("");
      const [{ schema, example, examples } = {}] = Object.values(content);
      expect(schema ?? example ?? examples).toBeDefined();
    }
    for (const [, { description, content = {} }] of responses.filter(
      ([status]) => status >= "400",
    )) {
      expect(description).toMatch(/^`[A-Z_]+`: /);
      expect(Object.keys(content)).toEqual(["application/problem+json"]);
      const { schema } = content["application/problem+json"] ?? {};
      expect(schema).toEqual({ $ref: "#/components/schemas/Problem" });
    }
  },
);

test.each(operations)("$name describes each of its parameters", ({ operation }) => {
  const { parameters = [] } = operation as unknown as { parameters?: Parameter[] };
  for (const { name, description } of parameters) expect(description, name).toMatch(/\w{3}/);
});

test("the rules that a schema can say stand in the schema", () => {
  const { NewJob, WebhookInput, CompleteJob } = spec.components.schemas;
  const patternOf = (schema: Schema | undefined, name: string) =>
    new RegExp((schema?.properties?.[name] as Schema | undefined)?.pattern ?? "missing");
  const allowed = (schema: Schema | undefined, name: string, ...texts: string[]) =>
    texts.map((text) => patternOf(schema, name).test(text));
  expect(allowed(NewJob, "documentName", "a\nb", "", "a\0b")).toEqual([true, true, false]);
  expect(
    allowed(NewJob, "documentUrl", "s3://a/b", "a/b.pdf", "mailto:a@b.de", "s3://a/b c"),
  ).toEqual([true, false, false, false]);
  const urls = [
    "https://a.de",
    "HTTPS://a.de",
    "http://localhost:1",
    "http://a.de",
    "http://localhost.a.de",
  ];
  expect(allowed(WebhookInput, "url", ...urls)).toEqual([true, true, true, false, false]);
  expect(NewJob?.properties?.["documentUrl"]).toMatchObject({ format: "uri", maxLength: 2_048 });
  expect(CompleteJob?.properties?.["cost"]).toMatchObject({ "x-max-decimals": 6 });
});

test("no option is ticked in the reference viewer by its example, its default or its first value", () => {
  const options = operations
    .flatMap(
      ({ operation }) => (operation as unknown as { parameters?: Parameter[] }).parameters ?? [],
    )
    .filter(
      ({ required, schema }) => !required && Object.keys(schema).some((key) => OFFERS.has(key)),
    );
  expect(options.length).toBeGreaterThan(10);
  for (const { name, examples } of options) {
    expect(examples, name).toMatchObject({ default: { "x-disabled": true } });
  }
});

test("every reference leads to a schema of the document", () => {
  const references = JSON.stringify(spec).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
  const names = new Set(Array.from(references, ([, name]) => name));
  expect(Object.keys(spec.components.schemas)).toEqual(expect.arrayContaining([...names]));
});

/** Every value that stands beside a schema as an example of it, or in a schema as its default. */
function* illustrations(node: unknown): Generator<{ schema: object; value: unknown }> {
  if (typeof node !== "object" || node === null) return;
  if ("schema" in node && "example" in node) {
    yield { schema: node.schema as object, value: node.example };
  }
  if ("type" in node && "default" in node) yield { schema: node, value: node.default };
  for (const child of Object.values(node)) yield* illustrations(child);
}

test("examples of headers and parameters, and defaults, fit their schemas", () => {
  const all = Array.from(illustrations(spec));
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter(({ schema, value }) => !validatorOf(schema).validate(value).valid)).toEqual([]);
});
