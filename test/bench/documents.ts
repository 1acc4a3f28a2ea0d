import { join } from "node:path";
import { BASE } from "../support/client.ts";
import { fileOf } from "../support/files.ts";
import { HEADERS, type Server } from "../support/worker-server.ts";
import { peak } from "./footprint.ts";
import { median } from "../support/statistics.ts";
import { type Scale, table } from "./load.ts";
import { serve } from "./servers.ts";

const FILE = new Blob([fileOf("pdf", 20_000_000)]);
const AT_ONCE = 64;
const IN_TURN = 6;
const KEY = { "api-key": HEADERS["api-key"] };

/** Uploads and downloads beside a bare Worker that puts to R2, and the memory of many uploads at once. */
export async function documents(folder: string, { rounds }: Scale): Promise<string> {
  const api = await serve("api", join(folder, "api"));
  const bare = await serve("bucket", join(folder, "bucket"));
  const group = await api.api.newGroup();
  const upload = async (): Promise<string> => {
    const form = new FormData();
    form.append("file", FILE, "invoice.pdf");
    const body = await answered(`${api.url}${BASE}/${group}/documents`, "POST", form);
    return (JSON.parse(body.toString()) as Added).data.jobs[0].jobId;
  };
  const put = (n: number) => answered(`${bare.url}/${n}`, "PUT", FILE);
  const jobId = await upload();
  await put(0);
  const download = () => answered(`${api.url}${BASE}/${group}/jobs/${jobId}/document`, "GET");
  const rates = { up: [0], bareUp: [0], down: [0], bareDown: [0] };
  for (let round = 0; round < rounds; round++) {
    rates.bareUp[round] = await rateOf(() => put(0));
    rates.up[round] = await rateOf(upload);
    rates.bareDown[round] = await rateOf(() => answered(`${bare.url}/0`, "GET"));
    rates.down[round] = await rateOf(download);
  }
  const growth = await growthOf(api, () => upload());
  const bareGrowth = await growthOf(bare, (n) => put(n));
  await Promise.all([api.kill(), bare.kill()]);
  const [up, bareUp, down, bareDown] = [rates.up, rates.bareUp, rates.down, rates.bareDown].map(
    (each) => median(each),
  ) as [number, number, number, number];
  return table(
    ["what", "API", "bare Worker", "ratio"],
    [
      ["upload, MB/s", up.toFixed(0), bareUp.toFixed(0), (up / bareUp).toFixed(2)],
      ["download, MB/s", down.toFixed(0), bareDown.toFixed(0), (down / bareDown).toFixed(2)],
      [
        `growth of workerd, R2 included, while ${AT_ONCE} files of 20 MB go up at once`,
        `${growth} MiB`,
        `${bareGrowth} MiB`,
        "",
      ],
    ],
  );
}

interface Added {
  readonly data: { readonly jobs: readonly [{ readonly jobId: string }] };
}

/** workerd closes a connection whose request it has no time to read yet: such a request is sent again. */
async function answered(
  url: string,
  method: string,
  body: BodyInit | null = null,
): Promise<Buffer> {
  const response = await fetch(url, { method, headers: KEY, body }).catch(() => undefined);
  if (response === undefined) return answered(url, method, body);
  const answer = Buffer.from(await response.arrayBuffer());
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${answer.toString()}`);
  return answer;
}

/** Megabytes a second, one file after the other. */
async function rateOf(move: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  for (let n = 0; n < IN_TURN; n++) await move();
  return (IN_TURN * FILE.size) / 1e3 / (performance.now() - startedAt);
}

/** Mebibytes that workerd grows by. */
async function growthOf(server: Server, move: (n: number) => Promise<unknown>): Promise<number> {
  const before = await server.memory();
  const most = await peak(server, () =>
    Promise.all(Array.from({ length: AT_ONCE }, (_, n) => move(n))),
  );
  return Math.round(Math.max(0, most - before) / 2 ** 20);
}
