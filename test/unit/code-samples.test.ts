import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { codeSamples, SAMPLE_ORIGIN } from "../../src/reference/openapi/code-samples.ts";
import { describeApi } from "../../src/reference/openapi/document.ts";
import {
  bodyExample,
  bodyKind,
  exampleUrl,
  operationsOf,
} from "../../src/reference/openapi/operations.ts";

const KEY = "the-key";
const operations = operationsOf(describeApi(createApp())).map((described) => ({
  name: described.operation.operationId,
  url: SAMPLE_ORIGIN + exampleUrl(described),
  body: bodyExample(described.operation.requestBody),
  samples: Object.fromEntries(codeSamples(described).map(({ label, source }) => [label, source])),
  ...described,
}));

const isKeyed = ({ operation }: (typeof operations)[number]) => operation.security === undefined;

test.each(operations)("the curl sample of $name sends the example", async (operation) => {
  const script = `curl() { printf '%s\\0' "$@"; }\nuuidgen() { echo 1; }\n${operation.samples["curl"]}`;
  const env = { ...process.env, API_KEY: KEY };
  const { stdout } = await promisify(execFile)("bash", ["-eu", "-c", script], { env });
  const sent = stdout.split("\0").slice(0, -1);
  expect(sent.slice(0, 3)).toEqual(["-X", operation.method, operation.url]);
  expect(sent.includes(`api-key: ${KEY}`)).toBe(isKeyed(operation));
  const body = sent.includes("-d") ? JSON.parse(sent.at(-1) ?? "") : undefined;
  expect(body).toEqual(operation.body);
});

test.each(operations)("the TypeScript sample of $name sends the example", async (operation) => {
  const requests: Request[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    requests.push(new Request(url, init));
    return Response.json({});
  };
  // oxlint-disable-next-line typescript/no-implied-eval -- the sample is what is tested
  const run: unknown = new Function(
    "fetch",
    "process",
    `return (async () => {\n${operation.samples["TypeScript"]}\n})();`,
  );
  await (run as (...given: unknown[]) => Promise<void>)(fetch, { env: { API_KEY: KEY } });
  const [request] = requests;
  expect(request?.url).toBe(new URL(operation.url).href);
  expect(request?.method).toBe(operation.method);
  expect(request?.headers.get("api-key")).toBe(isKeyed(operation) ? KEY : null);
  const kind = bodyKind(operation.operation.requestBody);
  expect(await sentIn(kind, request)).toEqual(kind === "json" ? operation.body : PDF[kind ?? ""]);
});

/** What the sample sends where the operation takes files. */
const PDF: Record<string, string> = { form: "invoice-131.pdf", bytes: "%PDF-1.7 …" };

async function sentIn(kind: string | undefined, request: Request | undefined): Promise<unknown> {
  if (kind === "form") {
    const file = (await request?.formData())?.get("file");
    return file instanceof File ? file.name : file;
  }
  const text = (await request?.text()) ?? "";
  if (kind === "bytes") return text;
  return text === "" ? undefined : JSON.parse(text);
}

test("the Python sample is written in Python's own words", () => {
  const sample = operations.find(({ name }) => name === "failJob")?.samples["Python"] ?? "";
  expect(sample).toContain('        "retryable": False,\n');
});
