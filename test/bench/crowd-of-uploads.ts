import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { BASE, type Json } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import type { Server } from "../support/worker-server.ts";
import { peak } from "./footprint.ts";
import { peakHeap } from "./heap.ts";
import { table } from "./load.ts";
import { type Kind, serve } from "./servers.ts";
import { answered, bareUpload, uploadForm } from "./uploads.ts";

const AT_ONCE = 64;

/** The memory of many uploads at once, half of them forms, beside that of a bare Worker. The bucket is another process. */
export async function crowdOfUploads(folder: string, file: Blob): Promise<string> {
  const bucket = await startBucket(join(folder, "bucket"));
  const bare = await measure("distant-puts", join(folder, "bare"), bucket.url, file, () =>
    Promise.resolve((server, n) => bareUpload(server, file, n)),
  );
  const api = await measure("distant-documents", join(folder, "api"), bucket.url, file, (server) =>
    uploadsOf(server, file),
  );
  bucket.kill();
  return table(
    [`${AT_ONCE} files of 20 MB at once`, "API", "bare Worker", "target"],
    [
      ["isolate, heap and buffers, MiB", api.heap, bare.heap, "< 122"],
      ["growth of workerd, MiB", api.growth, bare.growth, ""],
      ["MB/s", api.rate, bare.rate, ""],
    ],
  );
}

type Upload = (server: Server, n: number) => Promise<unknown>;

/** Every other upload is a form. The others give a document to a job. */
async function uploadsOf({ api, url }: Server, file: Blob): Promise<Upload> {
  const group = await api.newGroup(AT_ONCE);
  const jobs: Json[] = await api.data("GET", `${BASE}/${group}/jobs?limit=${AT_ONCE}`);
  return (server, n) =>
    n % 2 === 0
      ? uploadForm(server, group, file)
      : answered(`${url}${BASE}/${group}/jobs/${jobs[n].jobId}/document`, "PUT", file);
}

async function measure(
  kind: Kind,
  folder: string,
  bucketUrl: string,
  file: Blob,
  prepare: (server: Server) => Promise<Upload>,
) {
  const inspectorPort = await freePort();
  process.env["INSPECTOR_PORT"] = String(inspectorPort);
  const server = await serve(kind, folder, { BASE_URL: bucketUrl });
  delete process.env["INSPECTOR_PORT"];
  const upload = await prepare(server);
  const before = await server.memory();
  const startedAt = performance.now();
  let heap = 0;
  const most = await peak(server, async () => {
    heap = await peakHeap(inspectorPort, () =>
      Promise.all(Array.from({ length: AT_ONCE }, (_, n) => upload(server, n))),
    );
  });
  const rate = (AT_ONCE * file.size) / 1e3 / (performance.now() - startedAt);
  await server.kill();
  return {
    heap: Math.round(heap / 2 ** 20),
    growth: Math.round((most - before) / 2 ** 20),
    rate: Math.round(rate),
  };
}

async function startBucket(folder: string) {
  const args = ["test/bench/bucket-process.ts", folder];
  const bucket = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => bucket.kill());
  const [port] = (await once(bucket.stdout, "data")) as [Buffer];
  return { url: `http://127.0.0.1:${port.toString().trim()}`, kill: () => bucket.kill() };
}
