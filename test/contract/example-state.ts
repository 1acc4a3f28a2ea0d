import { env } from "cloudflare:workers";
import {
  API_KEY,
  API_KEY_INPUT,
  FINISHED_JOB_ID,
  GROUP_ID,
  GROUP_INPUT,
  JOB_ID,
  LEASE_ID,
  WEBHOOK_ID,
  WEBHOOK_INPUT,
} from "../../src/api/examples.ts";
import { documentKey, objectName } from "../../src/documents/keys.ts";
import { fileOf } from "../support/files.ts";
import { BASE, claim, data, settle } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const TABLES = ["job_group", "job", "delivery", "webhook", "api_key"];

/** Keys lie in the first database, whatever the home of their workspace. */
const run = async (...statements: string[]) => {
  for (const each of new Set([database, env.DB])) {
    await each.batch(statements.map((statement) => each.prepare(statement)));
  }
};

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
        : settle(id, lease, "fail", {
            error: "unreadable",
            errorCode: "unreadable_scan",
            retryable: false,
          }),
    );
    await Promise.all(reports);
  }
  await claim(id, 3);
  await data("POST", "/api-key", API_KEY_INPUT);
  await data("POST", "/webhook", WEBHOOK_INPUT);
  const key = documentKey("0".repeat(19), 0);
  await env.DOCUMENTS.put(objectName(GROUP_ID, key), fileOf("pdf"), {
    httpMetadata: { contentType: "application/pdf" },
  });
  await run(
    ...TABLES.map((table) => `CREATE TABLE kept_${table} AS SELECT * FROM ${table}`),
    `UPDATE kept_job SET group_id = '${GROUP_ID}', id = substr(id, 1, 5) || '${JOB_ID.slice(5)}'`,
    `UPDATE kept_job SET document_key = '${key}' WHERE id = '${FINISHED_JOB_ID}'`,
    `UPDATE kept_job SET lease_id = '${LEASE_ID}' WHERE id = '${JOB_ID}'`,
    `UPDATE kept_job_group SET id = '${GROUP_ID}', leased_jobs =
      (SELECT json_group_array(id) FROM kept_job WHERE status = 'processing')`,
    `UPDATE kept_delivery SET group_id = '${GROUP_ID}'`,
    `UPDATE kept_webhook SET id = '${WEBHOOK_ID}'`,
    `UPDATE kept_api_key SET id = '${API_KEY.id}'`,
  );
}

/** The examples' state, whatever has been done to it. */
export const restoreExamples = () =>
  run(
    ...["receipt", ...TABLES].map((table) => `DELETE FROM ${table}`),
    ...TABLES.map((table) => `INSERT INTO ${table} SELECT * FROM kept_${table}`),
  );
