import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { resolve } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { closeReader, readInvoice } from "../../src/processor/reader/read-invoice.ts";
import { makeSamples } from "../../src/processor/samples/make-samples.ts";
import { BASE } from "../support/client.ts";
import { portOf } from "../support/port.ts";
import { startKillable } from "./start-server.ts";
import { serveFiles } from "./serve-files.ts";

const server = startKillable();
afterAll(closeReader);

const FOLDER = "dist/examples";

/** The first block of this language on a page, as a file from which the package's own name resolves. */
async function exampleOf(page: string, language: string): Promise<string> {
  const text = await readFile(page, "utf8");
  const code = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms").exec(text)?.[1] ?? "";
  await mkdir(FOLDER, { recursive: true });
  const file = resolve(FOLDER, `example.${language === "js" ? "mjs" : language}`);
  await writeFile(file, code.replaceAll("./src/", "../../src/"));
  return file;
}

/** An engine of somebody else's: `answer` gets the bytes of each request and its number. */
async function startEngine(
  answer: (bytes: Buffer, call: number) => { status: number; body: object },
) {
  let calls = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      calls += 1;
      const { status, body } = answer(Buffer.concat(chunks), calls);
      // A picture is cleaned for longer than an idle connection lives.
      response.writeHead(status, { connection: "close" }).end(JSON.stringify(body));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  server.unref();
  return `http://127.0.0.1:${portOf(server)}`;
}

test("the example of the kit's page completes, fails and defers jobs, and ends at SIGTERM", async () => {
  const documents = ["good", "bad", "later"].map((text) => Buffer.from(text));
  const origin = await serveFiles(documents);
  const engine = await startEngine((bytes) => {
    const status = { bad: 422, later: 429 }[bytes.toString()] ?? 200;
    return { status, body: { pages: 3, fields: { text: bytes.toString() } } };
  });
  const groupId = await server.newGroup(0);
  const jobs = documents.map((_, index) => ({
    documentName: `${index}.pdf`,
    documentUrl: `${origin}/${index}`,
  }));
  await server.running.api.data("POST", `${BASE}/${groupId}/jobs`, { jobs });
  await server.running.api.data("POST", `${BASE}/${groupId}/process`);
  const { url, api } = server.running;
  const child = spawn(process.execPath, [await exampleOf("src/docs/processor.md", "js")], {
    env: { ...process.env, OCR_URL: url, OCR_API_KEY: api.key, ENGINE_URL: engine },
    stdio: "inherit",
  });
  const finished = async () =>
    expect(await server.jobs(groupId)).toMatchObject([
      { status: "completed", pages: 3, cost: 0.0045 },
      { status: "failed", errorCode: "not_an_invoice" },
      { status: "queued", deferrals: 1 },
    ]);
  await vi.waitFor(finished, { timeout: 20_000, interval: 250 });
  child.kill("SIGTERM");
  expect((await once(child, "exit"))[0]).toBe(0);
});

test("the engine of the reader's page reads a picture in place of Tesseract", async () => {
  const words = ["Invoice", "number:", "R-17"].map((text, index) => ({
    text,
    box: [100 + index * 150, 100, 220 + index * 150, 130],
  }));
  const cloud = await startEngine((_, call) =>
    call === 1 ? { status: 429, body: {} } : { status: call === 2 ? 500 : 200, body: { words } },
  );
  vi.stubEnv("OCR_ENGINE", await exampleOf("src/docs/reader.md", "ts"));
  vi.stubEnv("CLOUD_OCR_URL", cloud);
  const samples = makeSamples({ count: 3 });
  const { bytes } =
    [await samples.next(), await samples.next(), await samples.next()][2]?.value ?? {};
  await expect(readInvoice(bytes)).rejects.toMatchObject({
    name: "Throttled",
    retryAfterSeconds: 30,
  });
  await expect(readInvoice(bytes)).rejects.toThrow("the cloud answers 500");
  const { extractedData } = await readInvoice(bytes);
  expect(extractedData).toMatchObject({ invoiceNumber: "R-17", text: "Invoice number: R-17" });
}, 180_000);
