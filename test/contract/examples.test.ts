import type { Schema } from "@cfworker/json-schema";
import { beforeAll, expect, test, vi } from "vitest";
import {
  bodyExample,
  type Document,
  exampleUrl,
  operationsOf,
  type Response,
  successOf,
} from "../../src/reference/openapi/operations.ts";
import { GROUP, JOB_DETAILS } from "../../src/api/examples.ts";
import { call } from "../support/workers/api.ts";
import { fileOf, formOf } from "../support/files.ts";
import { spec, validatorOf } from "../support/workers/spec.ts";
import { playExamples, restoreExamples } from "./example-state.ts";

const document = spec as unknown as Document;
const operations = operationsOf(document).map((described) => ({
  name: described.operation.operationId,
  ...described,
}));

function faults(where: string, { content = {} }: Pick<Response, "content">): string[] {
  return Object.entries(content).flatMap(([type, { schema, example, examples = {} }]) => {
    // Nobody reads the bytes of a file in the docs.
    if (type === "multipart/form-data" || schema?.format === "binary") return [];
    const shared = Object.keys(examples).map(
      (code) => (document.components?.examples?.[code] as { value?: unknown } | undefined)?.value,
    );
    const shown = example === undefined ? shared : [example];
    if (shown.length === 0) return [`${where} has no example`];
    const validator = validatorOf(schema as Schema);
    return shown.flatMap((value) => {
      const { valid, errors } = validator.validate(value);
      return valid
        ? []
        : [`${where}: ${JSON.stringify(errors.at(-1))} in ${JSON.stringify(value)}`];
    });
  });
}

test.each(operations)(
  "every body of $name has an example that its schema allows",
  ({ operation }) => {
    const found = Object.entries(operation.responses).flatMap(([status, response]) =>
      faults(status, response),
    );
    if (operation.requestBody) found.push(...faults("request", operation.requestBody));
    expect(found).toEqual([]);
  },
);

test("every message to a webhook has an example that its schema allows", () => {
  const messages = operationsOf(document, "webhooks");
  expect(messages.length).toBeGreaterThan(0);
  const found = messages.flatMap(({ path, operation }) =>
    faults(path, operation.requestBody ?? {}),
  );
  expect(found).toEqual([]);
});

test("the counters of every example add up", () => {
  const groups: (Omit<typeof GROUP, "statistics"> & Partial<typeof GROUP>)[] = [];
  JSON.stringify(document, (_, value) => {
    if (typeof value?.totalJobs === "number") groups.push(value);
    return value;
  });
  expect(groups.length).toBeGreaterThan(10);
  for (const group of groups) {
    const { totalJobs, pendingJobs, completedJobs, failedJobs, cancelledJobs } = group;
    expect(pendingJobs + completedJobs + failedJobs + cancelledJobs).toBe(totalJobs);
    expect(group.processingJobs ?? 0).toBeLessThanOrEqual(pendingJobs);
    const processed = completedJobs + failedJobs;
    expect(group.statistics?.totalDocuments ?? processed).toBe(processed);
  }
});

const FILE = fileOf("pdf", 100);
const FILES: Record<string, BodyInit> = {
  uploadDocuments: formOf([{ name: "invoice-131.pdf", bytes: FILE }], JOB_DETAILS),
  putDocument: FILE,
};

beforeAll(async () => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response());
  await playExamples();
});

test.each(operations)(
  "the example request of $name succeeds as the docs show it",
  async (described) => {
    await restoreExamples();
    const { operation } = described;
    const body = bodyExample(operation.requestBody);
    const answer = await call(described.method, exampleUrl(described), {
      ...(body !== undefined && { body }),
      ...(FILES[operation.operationId] && { raw: FILES[operation.operationId] }),
    });
    const [status] = successOf(operation) ?? [];
    expect(answer.status, JSON.stringify(answer.body)).toBe(Number(status));
  },
);

test("the group that the docs show is what the API answers after the same story", async () => {
  await restoreExamples();
  const { body } = await call("GET", `/ocr-invoice-job-group/${GROUP._id}`);
  const { averageProcessingTime: _seconds, ...statistics } = GROUP.statistics;
  const { status, totalJobs, pendingJobs, processingJobs, completedJobs, failedJobs } = GROUP;
  expect(body.data).toMatchObject({
    status,
    totalJobs,
    pendingJobs,
    processingJobs,
    completedJobs,
    failedJobs,
    statistics,
  });
});
