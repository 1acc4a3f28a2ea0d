import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Sample } from "../samples/make-samples.ts";

/** Serves the samples at `${url}/0`, `${url}/1`, … It keeps no process alive. */
export async function serveSamples(samples: readonly Pick<Sample, "bytes">[]): Promise<string> {
  const server = createServer((request, response) => {
    const sample = samples[Number(request.url?.slice(1))];
    if (sample === undefined) response.writeHead(404).end();
    else response.end(sample.bytes);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
