import { once } from "node:events";
import { createServer } from "node:http";
import { portOf } from "../support/port.ts";

/** Serves the files at `${url}/0`, `${url}/1`, … It keeps no process alive. */
export async function serveFiles(files: readonly Uint8Array[]): Promise<string> {
  const server = createServer((request, response) => {
    const file = files[Number(request.url?.slice(1))];
    if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  server.unref();
  return `http://127.0.0.1:${portOf(server)}`;
}
