import { join } from "node:path";
import { BASE } from "../support/client.ts";
import { holdClaim } from "../support/held-claim.ts";
import { median, quantile } from "../support/statistics.ts";
import { HEADERS, type Server } from "../support/worker-server.ts";
import { table } from "./load.ts";
import { alter, restart, serve } from "./servers.ts";
import type { Cost } from "./workers/meter.ts";

const WAITERS = 64;
const OTHERS = 10_000;
const settings = { parallelJobs: 10 };
const one = { jobs: [{ documentName: "a.pdf" }] };

/** Claims that wait, and claims that choose by template. */
export async function claims(folder: string, { rounds }: { rounds: number }): Promise<string> {
  return `${await waiting(join(folder, "waiting"), rounds * 4)}\n${await choosing(join(folder, "choosing"))}`;
}

/** Milliseconds from sending a document to the lease, with 64 processors that wait. */
async function waiting(folder: string, rounds: number): Promise<string> {
  const server = await serve("api", folder);
  const places = { "one group": [] as number[], "all groups": [] as number[] };
  const immediate: number[] = [];
  for (let round = -1; round < rounds; round++) {
    for (const [place, times] of Object.entries(places)) {
      const ms = await untilLeased(server, place === "all groups");
      if (round >= 0) times.push(ms);
    }
    const group = await server.api.newGroup(1);
    const startedAt = performance.now();
    await server.api.claim(group, 1);
    if (round >= 0) immediate.push(performance.now() - startedAt);
    await server.api.data("POST", `${BASE}/${group}/cancel`);
  }
  await server.kill();
  const atOnce = median(immediate);
  return table(
    [
      `${WAITERS} processors wait on`,
      "ms to the lease, median",
      "p95",
      "times an immediate claim",
      "target",
    ],
    Object.entries(places).map(([place, times]) => [
      place,
      median(times).toFixed(1),
      quantile(times, 0.95).toFixed(1),
      (median(times) / atOnce).toFixed(1),
      place === "one group" ? "< 50" : "< 1,500",
    ]),
  );
}

/** From the request that adds a document, with one more that releases the group, to the first lease. */
async function untilLeased({ url, api }: Server, overAll: boolean): Promise<number> {
  const group = await api.newGroup(0, { settings });
  const claims = Array.from({ length: WAITERS }, () =>
    holdClaim(url, overAll ? null : group, overAll ? { waitSeconds: 5 } : {}),
  );
  // Their connections are open once a later one has been answered.
  await holdClaim(url, group, { waitSeconds: 1 }).answer;
  const leased = Promise.race(
    claims.map(async ({ answer }) => {
      const { body } = (await answer) ?? {};
      if (body?.data.length !== 1) await new Promise(() => undefined);
      return performance.now();
    }),
  );
  const startedAt = performance.now();
  await api.data("POST", `${BASE}/${group}/jobs`, one);
  await api.data("POST", `${BASE}/${group}/process`);
  const ms = (await leased) - startedAt;
  await api.data("POST", `${BASE}/${group}/cancel`);
  if (overAll) for (const claim of claims) claim.hangUp();
  await Promise.all(claims.map(({ answer }) => answer));
  return ms;
}

/** D1 rows that a claim reads for a group of one template, alone and behind 10,000 groups of another. */
async function choosing(folder: string): Promise<string> {
  const first = await serve("metered", folder);
  const other = await first.api.newGroup(1, { template: "other", priority: "urgent" });
  await first.api.claim(other, 1);
  await first.api.newGroup(100, { template: "wanted", settings });
  const chosen = { templates: ["wanted"] };
  const alone = await costOf(first, {});
  const aloneChosen = await costOf(first, chosen);
  await first.kill();
  alter(folder, (database) => {
    database.exec(
      "UPDATE job_group SET due_at = 0, claim_rank = 0, claim_order = created_at WHERE template = 'other'",
    );
    const columns = database.prepare("SELECT name FROM pragma_table_info('job_group')").all();
    const names = columns
      .map(({ name }) => String(name))
      .filter((name) => !/^(row)?id$/.test(name));
    database.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${OTHERS})
        INSERT INTO job_group (id, ${names.join()}) SELECT printf('%024x', i), ${names.join()} FROM job_group, n
        WHERE template = 'other'`,
    );
  });
  const second = await restart(folder);
  const behind = await costOf(second, chosen);
  await second.kill();
  return table(
    ["claim over all groups", "rows read", "round trips", "ms"],
    [
      ["without a filter, the group alone", ...alone],
      ["by template, the group alone", ...aloneChosen],
      [`by template, behind ${OTHERS.toLocaleString("en")} groups of another`, ...behind],
    ],
  );
}

/** The cost of a claim on a warm coordinator: the first ones fill its memory, and the filter's line. */
async function costOf({ url }: Server, filter: object): Promise<[number, number, string]> {
  let measured: [number, number, string] = [0, 0, ""];
  for (let nth = 0; nth < 3; nth++) {
    const startedAt = performance.now();
    const { answer } = holdClaim(url, null, { ...filter, waitSeconds: 0 }, HEADERS);
    const { headers, body } = (await answer) ?? {};
    if (body?.data[0]?.template !== "wanted") throw new Error(JSON.stringify(body));
    const cost = JSON.parse(headers?.get("x-cost") ?? "{}") as Cost;
    const ms = (performance.now() - startedAt).toFixed(1);
    measured = [cost.rowsRead, cost.roundTrips, ms];
  }
  return measured;
}
