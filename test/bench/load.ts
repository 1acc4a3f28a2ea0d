import autocannon from "autocannon";
import { BASE } from "../support/client.ts";
import { HEADERS } from "../support/worker-server.ts";

export interface Scale {
  readonly rounds: number;
  /** The length of one measurement. */
  readonly seconds: number;
  readonly sizes: readonly number[];
  /** Process also with D1 a few milliseconds away. */
  readonly distant: boolean;
  /** The jobs of the large group. */
  readonly jobs: number;
}

export interface Load {
  /** Answers a second. */
  readonly rate: number;
  readonly p99Ms: number;
}

/** Sends as fast as answers come, on each of the connections. Throws unless all succeed. */
export async function load(
  url: string,
  requests: autocannon.Request[],
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Load> {
  const options = { url, connections, duration: seconds, headers: HEADERS };
  const paths = requests.map((request) => ({ ...request, path: BASE + (request.path ?? "") }));
  const result = await autocannon({ ...options, requests: paths });
  if (result.errors + result.non2xx > 0) {
    throw new Error(`${result.errors} requests failed, ${result.non2xx} were refused`);
  }
  return { rate: result["2xx"] / result.duration, p99Ms: result.latency.p99 };
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]) {
  const lines = [head, head.map((_, index) => (index === 0 ? "---" : "---:")), ...rows];
  return `${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}
