import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BASE, type Json } from "../support/client.ts";
import { startDevServer } from "../support/dev-server.ts";
import { fileOf, formOf, sha256 } from "../support/files.ts";

const TYPES = ["pdf", "png", "jpeg", "tiff", "bmp"] as const;
const FILES = Array.from({ length: 60 }, (_, n) => {
  const type = TYPES[n % TYPES.length] ?? "pdf";
  return { name: `invoice-${n}.${type}`, bytes: fileOf(type, 1_000 + 997 * n, n), type };
});

test("60 files of five types go up, are read without a key, come down as tables, and are gone with their group", async () => {
  let folder = "";
  const server = await startDevServer({}, (created) => (folder = created));
  const { api } = server;
  try {
    const settings = { parallelJobs: 10 };
    const group = await api.newGroup(0, { settings });
    const path = `${BASE}/${group}`;
    const jobs = FILES.map((_, n) => ({ jobNumber: `N-${n}` }));
    const sent = await api.call("POST", `${path}/documents`, { raw: formOf(FILES, jobs) });
    expect(sent.body.data).toMatchObject({ added: 60, existing: 0 });
    await api.data("POST", `${path}/process`);
    const hashes = new Map<string, string>();
    const urls: string[] = [];
    const read = async (lease: Json): Promise<void> => {
      urls.push(lease.documentUrl);
      const bytes = await (await fetch(lease.documentUrl)).arrayBuffer();
      hashes.set(lease.documentName, await sha256(bytes));
      const extractedData = { bytes: bytes.byteLength };
      const report = { leaseId: lease.leaseId, pages: 1, extractedData };
      await api.data("POST", `${path}/jobs/${lease.jobId}/complete`, report);
    };
    for (let leases = await api.claim(group); leases.length > 0; leases = await api.claim(group)) {
      await Promise.all(leases.map(read));
    }
    const expected = await Promise.all(
      FILES.map(async ({ name, bytes }) => [name, await sha256(bytes)] as const),
    );
    expect(hashes).toEqual(new Map(expected));
    expect(await api.data("GET", path)).toMatchObject({ status: "completed", completedJobs: 60 });

    const lines = await api.call("GET", `${path}/results`);
    const results = (lines.body as string).trim().split("\n");
    expect(results.map((line) => JSON.parse(line).documentType)).toEqual(
      FILES.map(({ type }) => type),
    );
    const table = await api.call("GET", `${path}/results?format=csv&fields=/bytes`);
    const rows = (table.body as string).trim().split("\r\n").slice(1);
    expect(rows.map((row) => row.split(",").at(-1))).toEqual(
      FILES.map(({ bytes }) => String(bytes.length)),
    );

    await api.call("DELETE", path);
    const left = await Promise.all(urls.map(async (url) => (await fetch(url)).status));
    expect(new Set(left)).toEqual(new Set([404]));
    const bucket = join(folder, "v3", "r2", "ocr-invoice-documents", "blobs");
    expect(readdirSync(bucket)).toEqual([]);
  } finally {
    await server.stop();
  }
});
