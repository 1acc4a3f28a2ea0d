import { type Agent, request } from "node:http";
import type { Json } from "../support/client.ts";
import { HEADERS } from "../support/worker-server.ts";

/** Sends one request that must succeed and answers its `data`. `fetch` would cost more than what is measured. */
export function exchange(
  agent: Agent,
  method: string,
  url: string,
  body?: object,
  headers = HEADERS,
): Promise<Json> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if ((response.statusCode ?? 0) < 300) resolve(JSON.parse(text).data);
        else reject(new Error(text));
      });
    });
    sent.on("error", reject);
    sent.end(body && JSON.stringify(body));
  });
}
