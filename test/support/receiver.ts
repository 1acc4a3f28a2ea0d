import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { Webhook } from "standardwebhooks";
import { portOf } from "./port.ts";

export interface Received {
  readonly path: string;
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly at: number;
}

/** A server of somebody else's, that webhooks call. `answer` decides the status of each call. */
export async function startReceiver(
  answer: (call: Received, calls: Received[]) => number,
  thinksForMs: () => number = () => 0,
) {
  const calls: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { headers, url: path = "" } = request;
      const text = Buffer.concat(chunks).toString();
      const call = {
        path,
        id: String(headers["webhook-id"]),
        headers,
        text,
        at: performance.now(),
      };
      calls.push(call);
      const status = answer(call, calls);
      setTimeout(() => response.writeHead(status).end(), thinksForMs());
    });
  });
  await once(server.listen(0, "localhost"), "listening");
  return {
    url: `http://localhost:${portOf(server)}`,
    calls,
    stop: () => server.close().closeAllConnections(),
  };
}

/** The content of a message. Throws unless it is signed with the secret. */
export const verify = (secret: string, { text, headers }: Received) =>
  new Webhook(secret).verify(text, headers as Record<string, string>) as {
    type: string;
    data: object;
  };
