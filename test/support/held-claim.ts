import { type ClientRequest, request } from "node:http";
import { type Answer, BASE } from "./client.ts";
import { HEADERS } from "./worker-server.ts";

export interface HeldClaim {
  /** `undefined` when the connection ended without a whole answer. */
  readonly answer: Promise<Answer | undefined>;
  /** Ends the connection by a reset, or by a close: workerd itself sees only the reset. */
  hangUp(how?: "reset" | "close"): void;
}

/** Claims on a connection of its own. `group` left out: over all groups. */
export function holdClaim(
  url: string,
  group: string | null,
  claim: object,
  headers: Record<string, string> = {},
): HeldClaim {
  const path = group === null ? "/jobs/claim" : `/${group}/jobs/claim`;
  const body = { workerId: "held", maxJobs: 1, waitSeconds: 25, ...claim };
  const { promise: answer, resolve } = Promise.withResolvers<Answer | undefined>();
  const options = { method: "POST", agent: false, headers: { ...HEADERS, ...headers } } as const;
  const sent: ClientRequest = request(`${url}${BASE}${path}`, options, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", () => resolve(undefined));
    response.on("end", () => {
      const { statusCode: status = 0 } = response;
      const text = Buffer.concat(chunks).toString();
      const lines = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
      const told = new Headers(lines as [string, string][]);
      resolve({ url, status, headers: told, body: JSON.parse(text) });
    });
  });
  sent.on("error", () => resolve(undefined));
  sent.end(JSON.stringify(body));
  return {
    answer,
    hangUp: (how = "reset") =>
      void (how === "reset" ? sent.socket?.resetAndDestroy() : sent.destroy()),
  };
}
