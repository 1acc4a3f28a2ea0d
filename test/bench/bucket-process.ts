/** A bucket for `DistantBucket`: `node test/bench/bucket-process.ts <folder>` prints its port. */
import { createReadStream, createWriteStream, mkdirSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("missing argument");
mkdirSync(folder, { recursive: true });

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const file = join(folder ?? "", encodeURIComponent(request.url ?? ""));
  if (request.method === "GET") {
    const [start, end] = (request.headers.range ?? "").match(/\d+/g) ?? [];
    return pipeline(createReadStream(file, { start: Number(start), end: Number(end) }), response);
  }
  if (request.method === "DELETE") rmSync(file, { force: true });
  else await pipeline(request, createWriteStream(file));
  response.end();
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
