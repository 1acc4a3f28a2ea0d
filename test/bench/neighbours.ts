import { BASE, type Json } from "../support/client.ts";
import { HEADERS, type Server } from "../support/worker-server.ts";
import { quantile } from "../support/statistics.ts";
import { worstForms } from "./forms.ts";
import { type Scale, table } from "./load.ts";
import { serveSeeded } from "./servers.ts";

const CONNECTIONS = 50;
const JOBS_AN_ADD = 1_000;

type Send = () => Promise<Response>;

/** One workspace sends the worst requests it can, without pause; another one reads a group. No rate limit is bound. */
export async function neighbours(folder: string, { seconds, distant }: Scale): Promise<string> {
  const groups = distant ? 100_000 : 10_000;
  const server = await serveSeeded("api", folder, groups);
  const read = await quietReader(server);
  const calm = await latencies(read, seconds);
  const rows: (string | number)[][] = [];
  for (const [name, worst] of Object.entries(await worstRequests(server))) {
    const { sent, end } = hostile(worst);
    const beside = await latencies(read, seconds);
    await end();
    const cells = [0.5, 0.95].flatMap((share) => {
      const [was, is] = [quantile(calm, share), quantile(beside, share)];
      return [`${was.toFixed(1)} → ${is.toFixed(1)}`, `× ${(is / was).toFixed(1)}`];
    });
    rows.push([name, Math.round(sent() / seconds), ...cells]);
  }
  await server.kill();
  const head = ["the other sends", "a second", "p50 ms", "", "p95 ms", ""];
  return `GET of a group, while another workspace of ${groups} groups uses ${CONNECTIONS} connections:\n\n${table(head, rows)}`;
}

async function quietReader({ url, api }: Server): Promise<Send> {
  const scopes = ["groups:read", "groups:write"];
  const input = { name: "Quiet", workspace: "quiet", scopes };
  const { key } = await api.data("POST", "/api-key", input);
  const headers = { "api-key": key as string, "content-type": "application/json" };
  const body = JSON.stringify({ name: "Quiet", template: "t" });
  const created = await fetch(url + BASE, { method: "POST", headers, body });
  const { data } = (await created.json()) as Json;
  return () => fetch(`${url}${BASE}/${data._id}`, { headers });
}

async function worstRequests({ url, api }: Server): Promise<Record<string, readonly Send[]>> {
  const headers = HEADERS;
  const lists = worstForms.map(({ query }) => {
    const target = `${url}${BASE}?${new URLSearchParams(query).toString()}`;
    return () => fetch(target, { headers });
  });
  const group = await api.newGroup(JOBS_AN_ADD);
  const exports = [() => fetch(`${url}${BASE}/${group}/results?status=queued`, { headers })];
  const jobs = Array.from({ length: JOBS_AN_ADD }, (_, index) => ({
    documentName: `${index}.pdf`,
  }));
  const body = JSON.stringify({ jobs });
  const targets = await Promise.all(Array.from({ length: 10 }, () => api.newGroup(0)));
  const adds = targets.map(
    (id) => () => fetch(`${url}${BASE}/${id}/jobs`, { method: "POST", headers, body }),
  );
  return { lists, exports, adds, "all of these": [...lists, ...exports, ...adds] };
}

/** Sends without pause on all connections until it is told to end. Refusals are part of it. */
function hostile(requests: readonly Send[]) {
  const state = { sent: 0, isOver: false };
  const connections = Array.from({ length: CONNECTIONS }, async (_, connection) => {
    for (let turn = connection; !state.isOver; turn++) {
      await (await requests[turn % requests.length]?.())?.arrayBuffer();
      state.sent++;
    }
  });
  const end = async () => {
    state.isOver = true;
    await Promise.all(connections);
  };
  return { sent: () => state.sent, end };
}

async function latencies(send: Send, seconds: number): Promise<number[]> {
  const all: number[] = [];
  for (const until = performance.now() + seconds * 1_000; performance.now() < until;) {
    const startedAt = performance.now();
    const answer = await send();
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`the quiet reader got ${answer.status}`);
    all.push(performance.now() - startedAt);
  }
  return all;
}
