import { spawn } from "node:child_process";
import { once } from "node:events";
import { type ClientRequest, request } from "node:http";
import { type Answer, BASE } from "./client.ts";
import { HEADERS } from "./worker-server.ts";

export interface HeldClaim {
  /** Resolves when the answer has begun: the claim found nothing at first, and waits. */
  readonly begun: Promise<void>;
  /** `undefined` when the connection ended without a whole answer. */
  readonly answer: Promise<Answer | undefined>;
  /** Ends the connection by a reset, or by a close, of which workerd learns only when it sends something. */
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
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const options = { method: "POST", agent: false, headers: { ...HEADERS, ...headers } } as const;
  const sent: ClientRequest = request(`${url}${BASE}${path}`, options, (response) => {
    begin();
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
    begun,
    answer,
    hangUp: (how = "reset") =>
      void (how === "reset" ? sent.socket?.resetAndDestroy() : sent.destroy()),
  };
}

const PROGRAM = `
  const [url, headers, body] = process.argv.slice(1);
  const answer = await fetch(url, { method: "POST", headers: JSON.parse(headers), body });
  process.stdout.write("begun");
  await answer.text();
`;

/** Claims in a process of its own, which is killed to hang up. It is never told what it was leased. */
export function claimFromAProcess(url: string, group: string | null, claim: object): HeldClaim {
  const path = group === null ? "/jobs/claim" : `/${group}/jobs/claim`;
  const body = { workerId: "process", maxJobs: 1, waitSeconds: 25, ...claim };
  const program = ["--input-type=module", "-e", PROGRAM, `${url}${BASE}${path}`];
  const child = spawn(process.execPath, [
    ...program,
    JSON.stringify(HEADERS),
    JSON.stringify(body),
  ]);
  return {
    begun: once(child.stdout, "data").then(() => undefined),
    answer: once(child, "exit").then(() => undefined),
    hangUp: () => void child.kill("SIGKILL"),
  };
}
