import { join } from "node:path";
import { BASE, type Json } from "../support/client.ts";
import { fileOf } from "../support/files.ts";
import { median } from "../support/statistics.ts";
import { crowdOfUploads } from "./crowd-of-uploads.ts";
import { type Scale, table } from "./load.ts";
import { serve } from "./servers.ts";
import { answered, bareUpload, uploadForm } from "./uploads.ts";

const FILE = new Blob([fileOf("pdf", 20_000_000)]);
const IN_TURN = 2;
const MOST_ROUNDS = 2;

/** Uploads and downloads beside a bare Worker that puts to R2, and the memory of many uploads at once. */
export async function documents(folder: string, scale: Scale): Promise<string> {
  const rates = await ratesOf(join(folder, "rates"), Math.min(scale.rounds, MOST_ROUNDS));
  const crowd = await crowdOfUploads(join(folder, "crowd"), FILE);
  return `${rates}\n${crowd}`;
}

/** Each file goes after the one before. The bucket of both is the simulator of R2. */
async function ratesOf(folder: string, rounds: number): Promise<string> {
  const api = await serve("api", join(folder, "api"));
  const bare = await serve("bucket", join(folder, "bucket"));
  const group = await api.api.newGroup(1 + rounds * IN_TURN);
  const jobs: Json[] = await api.api.data("GET", `${BASE}/${group}/jobs`);
  const paths = jobs.map(({ jobId }) => `${api.url}${BASE}/${group}/jobs/${jobId}/document`);
  const [stored = "", ...empty] = paths;
  await answered(stored, "PUT", FILE);
  const moves: [name: string, api: () => Promise<unknown>, bare: () => Promise<unknown>][] = [
    ["upload, as a form", () => uploadForm(api, group, FILE), () => bareUpload(bare, FILE)],
    ["upload, PUT", () => answered(empty.pop() ?? "", "PUT", FILE), () => bareUpload(bare, FILE)],
    ["download", () => answered(stored, "GET"), () => answered(`${bare.url}/0`, "GET")],
  ];
  const rows = [];
  for (const [name, ours, theirs] of moves) {
    const rates: { api: number; bare: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      rates.push({ bare: await rateOf(theirs), api: await rateOf(ours) });
    }
    rows.push([
      name,
      median(rates.map((rate) => rate.api)).toFixed(0),
      median(rates.map((rate) => rate.bare)).toFixed(0),
      median(rates.map((rate) => rate.api / rate.bare)).toFixed(2),
    ]);
  }
  await Promise.all([api.kill(), bare.kill()]);
  return table(["a file of 20 MB", "API, MB/s", "bare Worker, MB/s", "ratio"], rows);
}

/** Megabytes a second, one file after the other. */
async function rateOf(move: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  for (let n = 0; n < IN_TURN; n++) await move();
  return (IN_TURN * FILE.size) / 1e3 / (performance.now() - startedAt);
}
