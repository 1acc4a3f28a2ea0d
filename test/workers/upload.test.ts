import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { fileOf, formOf, type NamedFile, sha256 } from "../support/files.ts";
import { BASE, call, data, newGroup } from "../support/workers/api.ts";

const upload = (group: string, files: NamedFile[], jobs?: unknown, headers = {}) =>
  call("POST", `${BASE}/${group}/documents`, { raw: formOf(files, jobs), headers });

const stored = async () => (await env.DOCUMENTS.list()).objects.map(({ key }) => key);

test("each file becomes a job with its name, type, size and hash, and its bytes are stored", async () => {
  const group = await newGroup();
  const types = ["pdf", "png", "jpeg", "tiff", "bmp"] as const;
  const files = types.map((type, seed) => ({
    name: `scan-${seed}.dat`,
    bytes: fileOf(type, 1_000 + seed, seed),
  }));
  const answer = await upload(group, files, [{ jobNumber: "A-1", metadata: { page: 1 } }]);
  expect(answer.status).toBe(201);
  expect(answer.body.data).toMatchObject({ added: 5, existing: 0 });
  for (const [index, { jobId }] of answer.body.data.jobs.entries()) {
    const job = await data("GET", `${BASE}/${group}/jobs/${jobId}`);
    const { name, bytes } = files[index]!;
    expect(job).toMatchObject({
      documentName: name,
      documentType: types[index],
      documentSize: bytes.length,
      documentSha256: await sha256(bytes),
    });
  }
  const keys = await stored();
  expect(keys.length).toBe(5);
  expect(keys.every((key) => key.startsWith(`documents/${group}/`))).toBe(true);
});
