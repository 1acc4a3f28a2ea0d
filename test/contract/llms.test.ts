import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Document, operationsOf } from "../../src/reference/openapi/operations.ts";
import { SAMPLE_ORIGIN } from "../../src/reference/openapi/code-samples.ts";
import { PROBLEMS } from "../../src/http/problems/problems.ts";
import { spec } from "../support/workers/spec.ts";

test("llms.txt has every operation, every type and every code", async () => {
  const origin = "https://invoices.example";
  const text = await (await exports.default.fetch(`${origin}/llms.txt`)).text();
  for (const { method, path, operation } of operationsOf(spec as unknown as Document)) {
    expect(text).toContain(`### ${operation.operationId}: `);
    expect(text).toContain(`\`${method} ${path}\``);
  }
  for (const name of Object.keys(spec.components.schemas))
    expect(text).toContain(`type ${name} = `);
  for (const code of Object.keys(PROBLEMS)) expect(text).toContain(code);
});

test("samples and the document name the server that answers them", async () => {
  const origin = "https://invoices.example";
  const text = await (await exports.default.fetch(`${origin}/openapi.json`)).text();
  expect(text).toContain(`curl -X GET '${origin}/ocr-invoice-job-group`);
  expect(text).not.toContain(SAMPLE_ORIGIN);
});
