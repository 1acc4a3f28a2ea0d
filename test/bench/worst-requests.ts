import type { DatabaseSync } from "node:sqlite";
import { firstIdAt } from "../../src/domain/job.ts";
import { keyText } from "../../src/store/job-keys.ts";
import { BASE, type Json } from "../support/client.ts";
import { HEADERS, type Server } from "../support/worker-server.ts";
import { worstForms } from "./forms.ts";
import type { Attack } from "./hostile.ts";

const [LARGE_JOBS, NUMBERED_JOBS] = [20_000, 9_000];
const NUMBER = "INV-1";
/** Groups that jobs are added to: each has an object, which commits for itself. */
const TARGETS = 10;

/** Gives one group many failed and waiting jobs, and many groups a job with the same number. */
export function seedJobs(database: DatabaseSync): void {
  const columns =
    "key, keyed, group_id, id, workspace, document_name, attempts, created_at, updated_at";
  const insert = database.prepare(
    `INSERT INTO job (${columns}, status, error, error_code, job_number) VALUES (${keyText("?", "?")}, 1, ?, ?, ?, ?, 1, 0, 0, ?, ?, ?, ?)`,
  );
  const groups = database
    .prepare("SELECT rowid, id, workspace FROM job_group ORDER BY created_at LIMIT ?")
    .all(NUMBERED_JOBS + 1);
  const [large, ...others] = groups as { rowid: number; id: string; workspace: string }[];
  if (large === undefined) throw new Error("no group is seeded");
  database.exec("BEGIN");
  for (let nth = 0; nth < LARGE_JOBS; nth++) {
    const [status, code] = nth % 2 === 0 ? ["failed", `code-${nth % 1_000}`] : ["queued", null];
    const error = code === null ? null : "The page is not readable.";
    const values = [
      large.rowid,
      nth,
      large.id,
      firstIdAt(nth),
      large.workspace,
      `invoice-${nth}.pdf`,
    ];
    insert.run(...values, status ?? "", error, code ?? null, null);
  }
  for (const { rowid, id, workspace } of others) {
    insert.run(rowid, 0, id, firstIdAt(0), workspace, "invoice.pdf", "queued", null, null, NUMBER);
  }
  database
    .prepare(
      `UPDATE job_group SET name = 'Large', status = 'processing', total_jobs = ?, pending_jobs = ?, failed_jobs = ?
        WHERE id = ?`,
    )
    .run(LARGE_JOBS, LARGE_JOBS / 2, LARGE_JOBS / 2, large.id);
  database.exec("COMMIT");
}

/** The requests that cost the service most, by what a workspace sends. */
export async function worstRequests({ api }: Server): Promise<Record<string, Attack[]>> {
  const attack = (method: string, path: string, body?: object): Attack => ({
    method,
    path,
    headers: HEADERS,
    ...(body && { body: JSON.stringify(body) }),
  });
  const get = (path: string) => attack("GET", path);
  const filter = encodeURIComponent('{"name":"Large"}');
  const [{ _id }] = await api.data("GET", `${BASE}?filter=${filter}&sort=name&order=desc`);
  const large = `${BASE}/${_id}`;
  const group = `${BASE}/${await api.newGroup(1_000, { settings: { parallelJobs: 10 } })}`;
  const targets = await Promise.all(Array.from({ length: TARGETS }, () => api.newGroup(0)));
  const adding = (jobs: Json[]) =>
    targets.map((id) => attack("POST", `${BASE}/${id}/jobs`, { jobs }));
  const heavy = { documentName: "a.pdf", metadata: { text: "x".repeat(950) } };
  const lists = worstForms.map(({ query }) =>
    get(`${BASE}?${new URLSearchParams(query).toString()}`),
  );
  const kinds = {
    "lists of groups": lists,
    "lists of 20,000 jobs": [get(`${large}/jobs`)],
    "lists of 1,000 jobs": [get(`${group}/jobs`)],
    "jobs of one number": [get(`${BASE}/jobs?jobNumber=${NUMBER}&offset=8900`)],
    errors: [get(`${large}/errors`)],
    recounts: [get(`${large}/verify`), get(`${group}/verify`)],
    metrics: [get("/metrics")],
    exports: [get(`${large}/results?status=queued,failed`)],
    "retries, dry": [
      attack("POST", `${large}/retry`, { status: ["failed", "completed"], dryRun: true }),
    ],
    "adds of 1,000 jobs": adding(many(1_000, { documentName: "a.pdf" })),
    "adds of 1 MB": adding(many(1_000, heavy)),
    "adds of 100 jobs": adding(many(100, { documentName: "a.pdf" })),
    "refused adds": adding([...many(999, heavy), { documentName: 1 }]),
    claims: [attack("POST", `${group}/jobs/claim`, { workerId: "w", maxJobs: 10 })],
    creations: [attack("POST", BASE, { name: "n", template: "t" })],
    "GETs of a group": [get(large)],
  };
  return { ...kinds, "all of these": Object.values(kinds).flat() };
}

const many = (count: number, job: Json): Json[] => Array.from({ length: count }, () => job);
