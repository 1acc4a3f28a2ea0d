import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import app from "../../src/index.ts";
import { fileOf, formOf, type NamedFile, sha256 } from "../support/files.ts";
import { BASE, call, data, type Json, newGroup, SERVER } from "../support/workers/api.ts";
import { expectRefusal, storedObjects } from "../support/workers/refusals.ts";

const NAME = 'scan "1" é.pdf';
const BYTES = fileOf("png", 5_000, 7);

async function uploaded(files: NamedFile[] = [{ name: NAME, bytes: BYTES }]) {
  const group = await newGroup();
  const path = `${BASE}/${group}`;
  const { body } = await call("POST", `${path}/documents`, { raw: formOf(files) });
  const jobs: string[] = body.data.jobs.map(({ jobId }: Json) => jobId);
  return { group, jobs, path: `${path}/jobs/${jobs[0]}/document` };
}

/** The answer with its bytes. */
async function get(path: string, headers: Record<string, string> = {}, method = "GET") {
  const url = new URL(path, "http://localhost");
  const signed = url.searchParams.has("signature");
  const key = signed ? {} : { "api-key": env.ROOT_API_KEY };
  const request = new Request(url, { method, headers: { ...key, ...headers } });
  const response = await app.fetch(request, SERVER, createExecutionContext());
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes };
}

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"] }).setSystemTime(Date.now() + ms);

describe("getDocument", () => {
  test("answers the bytes as they were sent, in a way that no browser runs", async () => {
    const { path } = await uploaded();
    const { status, headers, bytes } = await get(path);
    expect([status, bytes]).toEqual([200, BYTES]);
    expect(headers.get("etag")).toBe(`"${await sha256(BYTES)}"`);
    expect(headers.get("content-length")).toBe("5000");
    expect(headers.get("content-type")).toBe("image/png");
    expect(headers.get("accept-ranges")).toBe("bytes");
    expect(headers.get("content-disposition")).toBe(
      `attachment; filename="scan _1_ _.pdf"; filename*=UTF-8''scan%20%221%22%20%C3%A9.pdf`,
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
  });

  test.each([
    ["bytes=0-99", 0, 100],
    ["bytes=4990-", 4_990, 5_000],
    ["bytes=-10", 4_990, 5_000],
    ["bytes=4990-9999", 4_990, 5_000],
    ["bytes=-9999", 0, 5_000],
  ])("answers the part %s", async (range, start, end) => {
    const { path } = await uploaded();
    const part = await get(path, { range });
    expect([part.status, part.bytes]).toEqual([206, BYTES.subarray(start, end)]);
    expect(part.headers.get("content-range")).toBe(`bytes ${start}-${end - 1}/5000`);
    expect(part.headers.get("content-length")).toBe(String(end - start));
  });

  test.each(["bytes=5000-", "bytes=9999-10000", "bytes=-0"])(
    "refuses %s, which lies beyond the end, and tells the size",
    async (range) => {
      const { path } = await uploaded();
      const { status, headers } = await get(path, { range });
      expect([status, headers.get("content-range")]).toEqual([416, "bytes */5000"]);
    },
  );

  test.each(["bytes=9-1", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b", "bytes=-"])(
    "answers the whole document to %s",
    async (range) => {
      const { path } = await uploaded();
      expect(await get(path, { range })).toMatchObject({ status: 200, bytes: BYTES });
    },
  );

  test("answers 304 for the client's copy, and a part of no other copy", async () => {
    const { path } = await uploaded();
    const etag = `"${await sha256(BYTES)}"`;
    const same = await get(path, { "if-none-match": `"x", ${etag}` });
    expect([same.status, same.bytes.length, same.headers.get("etag")]).toEqual([304, 0, etag]);
    expect((await get(path, { "if-none-match": '"x"' })).status).toBe(200);
    const range = "bytes=0-9";
    expect((await get(path, { range, "if-range": etag })).status).toBe(206);
    expect((await get(path, { range, "if-range": '"x"' })).status).toBe(200);
  });

  test("answers HEAD with the headers alone", async () => {
    const { path } = await uploaded();
    const { status, headers, bytes } = await get(path, {}, "HEAD");
    expect([status, bytes.length, headers.get("content-length")]).toEqual([200, 0, "5000"]);
    const part = await get(path, { range: "bytes=0-9" }, "HEAD");
    expect([part.status, part.bytes.length]).toEqual([206, 0]);
  });

  test("refuses a job without a stored document, and every key without one of its scopes", async () => {
    const group = await newGroup(1);
    const [{ jobId }] = await data("GET", `${BASE}/${group}/jobs`);
    const path = `${BASE}/${group}/jobs/${jobId}/document`;
    expectRefusal(await call("GET", path), "DOCUMENT_NOT_FOUND");
    const statusFor = async (scope: string) => {
      const { key } = await data("POST", "/api-key", { name: "T", scopes: [scope] });
      return (await call("GET", path, { key })).status;
    };
    const scopes = ["groups:read", "jobs:process", "groups:write", "keys:admin"];
    expect(await Promise.all(scopes.map(statusFor))).toEqual([404, 404, 403, 403]);
  });
});

describe("the documentUrl of a lease", () => {
  const leased = async () => {
    const { group, path } = await uploaded();
    await call("POST", `${BASE}/${group}/process`);
    const body = { workerId: "w", maxJobs: 1, heartbeatSeconds: 60 };
    const claimed = await call("POST", `https://api.example${BASE}/${group}/jobs/claim`, { body });
    return { group, path, lease: claimed.body.data[0] };
  };

  test("opens the document without a key, at the origin of the claim, as long as the attempt may last", async () => {
    const { lease, path } = await leased();
    const url = new URL(lease.documentUrl);
    expect([url.origin, url.pathname]).toEqual(["https://api.example", path]);
    expect(lease).toMatchObject({ documentSize: 5_000, documentSha256: await sha256(BYTES) });
    expect(await get(lease.documentUrl)).toMatchObject({ status: 200, bytes: BYTES });
    later(29 * 60_000);
    expect((await get(lease.documentUrl)).status).toBe(200);
    later(62_000);
    expect((await get(lease.documentUrl)).status).toBe(401);
  });

  test("opens nothing else, and nothing once it is altered", async () => {
    const { lease } = await leased();
    const other = await uploaded([{ name: "b.pdf", bytes: fileOf("pdf") }]);
    const altered = (change: (url: URL) => void) => {
      const url = new URL(lease.documentUrl);
      change(url);
      return get(url.href);
    };
    const answers = await Promise.all([
      altered((url) => void (url.pathname = other.path)),
      altered((url) => void (url.pathname = `${BASE}/${other.group}`)),
      altered((url) => url.searchParams.set("document", `${other.jobs[0]?.slice(5)}-00`)),
      altered((url) => url.searchParams.set("expires", "9999999999")),
      altered((url) => url.searchParams.set("signature", "0".repeat(64))),
      altered((url) => url.searchParams.set("signature", "")),
      altered((url) => url.searchParams.delete("document")),
      altered((url) => url.searchParams.delete("expires")),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
  });

  test("is not in the access log", async () => {
    const { lease } = await leased();
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const request = new Request(lease.documentUrl);
    await app.fetch(request, { ...env, ACCESS_LOG: "true" }, createExecutionContext());
    expect(log).toHaveBeenCalledOnce();
    const { searchParams } = new URL(lease.documentUrl);
    expect(String(log.mock.calls[0])).toContain("getDocument");
    for (const secret of ["signature", "document"]) {
      expect(String(log.mock.calls[0])).not.toContain(searchParams.get(secret));
    }
  });

  test("is left out without a secret, and a URL that the caller gave is left as it is", async () => {
    const { group } = await uploaded();
    const documentUrl = "https://files.example/1.pdf";
    await data("POST", `${BASE}/${group}/jobs`, { jobs: [{ documentName: "1", documentUrl }] });
    await call("POST", `${BASE}/${group}/process`);
    const { body } = await call("POST", `${BASE}/${group}/jobs/claim`, {
      body: { workerId: "w", maxJobs: 2 },
      bindings: { DOCUMENT_URL_SECRET: undefined },
    });
    expect(body.data.map((lease: Json) => lease.documentUrl)).toEqual([undefined, documentUrl]);
  });
});

describe("putDocument", () => {
  const put = (group: string, job: string, raw: BodyInit, headers = {}) =>
    call("PUT", `${BASE}/${group}/jobs/${job}/document`, { raw, headers });
  const jobsOf = async (group: string): Promise<string[]> =>
    (await data("GET", `${BASE}/${group}/jobs`)).map(({ jobId }: Json) => jobId);

  test("gives a document to a job that has none, whatever type is named", async () => {
    const group = await newGroup(1);
    const [job = ""] = await jobsOf(group);
    const headers = { "content-type": "application/pdf" };
    const { status, body } = await put(group, job, BYTES, headers);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      documentName: "invoice-1.pdf",
      documentType: "png",
      documentSize: 5_000,
      documentSha256: await sha256(BYTES),
    });
    expect((await get(`${BASE}/${group}/jobs/${job}/document`)).bytes).toEqual(BYTES);
    expectRefusal(await put(group, job, BYTES), "DOCUMENT_EXISTS");
    expect((await storedObjects()).filter((name) => name.includes(group))).toHaveLength(1);
  });

  test("takes a body of unknown length, of more bytes than a segment of the spool", async () => {
    const group = await newGroup(1);
    const [job = ""] = await jobsOf(group);
    const bytes = fileOf("pdf", 2_000_000);
    const body = new Blob([bytes]).stream();
    expect((await put(group, job, body)).body.data.documentSha256).toBe(await sha256(bytes));
    expect((await get(`${BASE}/${group}/jobs/${job}/document`)).bytes).toEqual(bytes);
    expect((await storedObjects()).filter((name) => name.includes(group))).toHaveLength(1);
  });

  test("refuses a finished job, one with a URL, an unknown one and bytes of no document", async () => {
    const group = await newGroup(1);
    const [job = ""] = await jobsOf(group);
    const added = { documentName: "1", documentUrl: "https://files.example/1.pdf" };
    const { jobs } = await data("POST", `${BASE}/${group}/jobs`, { jobs: [added] });
    expectRefusal(await put(group, jobs[0].jobId, BYTES), "DOCUMENT_EXISTS");
    expectRefusal(await put(group, "0".repeat(24), BYTES), "JOB_NOT_FOUND");
    expectRefusal(await put(group, job, ""), "VALIDATION_FAILED");
    expectRefusal(await put(group, job, fileOf("zip")), "VALIDATION_FAILED");
    await call("POST", `${BASE}/${group}/cancel`);
    expectRefusal(await put(group, job, BYTES), "JOB_FINISHED");
    expect((await storedObjects()).filter((name) => name.includes(group))).toEqual([]);
  });
});
