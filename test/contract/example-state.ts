import { env } from "cloudflare:workers";
import {
  API_KEY,
  API_KEY_INPUT,
  GROUP_ID,
  GROUP_INPUT,
  JOB_ID,
  LEASE_ID,
} from "../../src/http/schemas/examples.ts";
import { BASE, claim, data, settle } from "../workers/api.ts";

const TABLES = [
  ["job_group", "id"],
  ["job", "group_id"],
] as const;

const run = (...statements: string[]) =>
  env.DB.batch(statements.map((statement) => env.DB.prepare(statement)));

/** Brings about the state that the examples tell of, and keeps it aside. */
export async function playExamples(): Promise<void> {
  const { _id: id } = await data("POST", BASE, GROUP_INPUT);
  const jobs = Array.from({ length: 150 }, (_, n) => ({ documentName: `invoice-${n + 1}.pdf` }));
  await data("POST", `${BASE}/${id}/jobs`, { jobs });
  await data("POST", `${BASE}/${id}/process`);
  for (let round = 1; round <= 13; round++) {
    const reports = (await claim(id)).map((lease) =>
      round <= 12
        ? settle(id, lease, "complete", { pages: 2, cost: 0.015 })
        : settle(id, lease, "fail", { error: "unreadable", retryable: false }),
    );
    await Promise.all(reports);
  }
  await claim(id, 3);
  const { id: keyId } = await data("POST", "/api-key", API_KEY_INPUT);
  const exampleJob = `substr(id, 1, 5) || '${JOB_ID.slice(5)}'`;
  await run(
    ...TABLES.map(
      ([table, key]) =>
        `CREATE TABLE kept_${table} AS SELECT * FROM ${table} WHERE ${key} = '${id}'`,
    ),
    `UPDATE kept_job SET group_id = '${GROUP_ID}', id = ${exampleJob}`,
    `UPDATE kept_job SET lease_id = '${LEASE_ID}' WHERE id = '${JOB_ID}'`,
    `UPDATE kept_job_group SET id = '${GROUP_ID}', leased_jobs =
      (SELECT json_group_array(id) FROM kept_job WHERE status = 'processing')`,
    `DELETE FROM job_group WHERE id = '${id}'`,
    `UPDATE api_key SET id = '${API_KEY.id}' WHERE id = '${keyId}'`,
  );
}

/** The examples' state, whatever has been done to it. */
export const restoreExamples = () =>
  run(
    "DELETE FROM job_group",
    "DELETE FROM receipt",
    ...TABLES.map(([table]) => `INSERT INTO ${table} SELECT * FROM kept_${table}`),
  );
