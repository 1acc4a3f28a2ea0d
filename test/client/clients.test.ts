import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { generateClient, generateTypes } from "../support/generated-client.ts";
import consumer from "./consumer.tsconfig.json" with { type: "json" };

const GENERATED = "dist/generated";

/** The compiler's messages about a project. */
async function compile(project: string): Promise<string> {
  const tsc = join("node_modules", ".bin", "tsc");
  return promisify(execFile)(tsc, ["-p", project]).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}

test("the example compiles against the client as a consumer gets it", async () => {
  expect(await compile("test/client/consumer.tsconfig.json")).toBe("");
});

/** Compiles a generated folder strictly. */
async function compileGenerated(folder: string): Promise<string> {
  // The generators' own runtimes are not written for exactOptionalPropertyTypes.
  const { exactOptionalPropertyTypes: _, ...strict } = consumer.compilerOptions;
  const compilerOptions = { ...strict, module: "esnext", moduleResolution: "bundler" };
  const project = join(folder, "tsconfig.json");
  await writeFile(project, JSON.stringify({ compilerOptions, include: ["."] }));
  return compile(project);
}

test("a client generated from the spec compiles", async () => {
  await generateClient(GENERATED);
  expect(await compileGenerated(GENERATED)).toBe("");
});

const CONSUMER = `
import createClient from "openapi-fetch";
import type { paths } from "./paths.ts";
const client = createClient<paths>();
const params = { path: { id: "" } };
const { data: sent } = await client.POST("/ocr-invoice-job-group/{id}/documents", { params, body: { file: [""] } });
export const added: number | undefined = sent?.data.added;
const { data: bytes } = await client.GET("/ocr-invoice-job-group/{id}/jobs/{jobId}/document", {
  params: { path: { id: "", jobId: "" } }, parseAs: "arrayBuffer" });
export const size: number | undefined = bytes?.byteLength;
const { data: lines } = await client.GET("/ocr-invoice-job-group/{id}/results", { params, parseAs: "stream" });
export const stream: ReadableStream<Uint8Array> | null | undefined = lines;
// @ts-expect-error -- a form needs files
await client.POST("/ocr-invoice-job-group/{id}/documents", { params, body: {} });
`;

test("a form, bytes and a stream have their types in openapi-fetch with the types of openapi-typescript", async () => {
  const folder = "dist/generated-types";
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "paths.ts"), await generateTypes());
  await writeFile(join(folder, "consumer.ts"), CONSUMER);
  expect(await compileGenerated(folder)).toBe("");
});
