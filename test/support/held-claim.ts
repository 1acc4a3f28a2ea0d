import { type ClientRequest, request } from "node:http";
import { BASE, type Json } from "./client.ts";
import { HEADERS } from "./worker-server.ts";

export interface HeldClaim {
  /** The whole answer; `undefined` when the connection ended without one. */
  readonly answer: Promise<{ status: number; body: Json } | undefined>;
  /** Ends the connection as a processor does that is killed behind a network: by a reset. */
  hangUp(): void;
}

/** Claims on a connection of its own. `group` left out: over all groups. */
export function holdClaim(
  url: string,
  group: string | undefined,
  claim: object,
  headers: Record<string, string> = {},
): HeldClaim {
  const path = group === undefined ? "/jobs/claim" : `/${group}/jobs/claim`;
  const all = { ...HEADERS, ...headers };
  let sent: ClientRequest | undefined;
  const answer = new Promise<{ status: number; body: Json } | undefined>((resolve) => {
    sent = request(`${url}${BASE}${path}`, { method: "POST", agent: false, headers: all });
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => resolve(undefined));
      response.on("end", () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Json;
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    sent.on("error", () => resolve(undefined));
    sent.end(JSON.stringify({ workerId: "held", maxJobs: 1, waitSeconds: 25, ...claim }));
  });
  return {
    answer,
    hangUp() {
      sent?.socket?.resetAndDestroy();
    },
  };
}
