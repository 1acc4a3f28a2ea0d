import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { NO_WORKSPACE } from "../../src/domain/removal.ts";
import { database } from "../support/workers/database.ts";

const TABLES = {
  job_group: "id",
  job: "group_id",
  delivery: "group_id",
  group_removal: "group_id",
} as const;

/** The tables that have rows of a group, but for the receipt of its creation. */
async function remainsOf(id: string): Promise<string[]> {
  const counts = Object.entries(TABLES).map(([table, key]) =>
    database.prepare(`SELECT count(*) AS rows FROM ${table} WHERE ${key} = ?`).bind(id),
  );
  const answers = await database.batch<{ rows: number }>(counts);
  return Object.keys(TABLES).filter((_, index) => answers[index]?.results[0]?.rows !== 0);
}

/** A deleted group is gone, or hidden, noted as one to be removed, and about to be woken. */
export async function expectRemoval(id: string): Promise<void> {
  const remains = await remainsOf(id);
  if (remains.length === 0) return;
  expect(remains).toContain("group_removal");
  const row = database.prepare("SELECT workspace, total_jobs FROM job_group WHERE id = ?").bind(id);
  expect(await row.first()).toEqual({ workspace: NO_WORKSPACE, total_jobs: 0 });
  const stub = env.GROUP_COORDINATOR.getByName(id);
  expect(await runInDurableObject(stub, (_, { storage }) => storage.getAlarm())).not.toBeNull();
}

/** Lets the alarm of a deleted group go off, which leaves nothing of it. */
export async function expectNothingLeft(id: string): Promise<void> {
  const stub = env.GROUP_COORDINATOR.getByName(id);
  await runDurableObjectAlarm(stub);
  expect(await remainsOf(id)).toEqual([]);
  expect(await runInDurableObject(stub, (_, { storage }) => storage.getAlarm())).toBeNull();
}
