import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { firstIdAt, MAX_SEQUENCE } from "../../../src/domain/job.ts";
import { seed } from "../../bench/seed.ts";
import { NodeD1 } from "../../support/node-d1.ts";

const KEYS = "0025_job_keys.sql";
const migrations = readdirSync("migrations")
  .filter((name) => name.endsWith(".sql"))
  .toSorted();
const textOf = (name: string) => readFileSync(`migrations/${name}`, "utf8");

test("jobs from before their keys keep every value, in their groups and in their order", () => {
  const { sqlite } = new NodeD1();
  const before = migrations.filter((name) => name < KEYS);
  for (const name of before) sqlite.exec(textOf(name));
  seed(sqlite, 20);
  sqlite.exec("DELETE FROM job_group WHERE rowid IN (3, 20)");
  const groups = sqlite.prepare("SELECT rowid, id FROM job_group ORDER BY rowid").all();
  const columns = sqlite.prepare("SELECT name, type FROM pragma_table_info('job')").all();
  const names = columns.map(({ name }) => String(name));
  const insert = sqlite.prepare(
    `INSERT INTO job (${names.join()}) VALUES (${names.map(() => "?").join()})`,
  );
  const sequences = [0, 1, 9, 10, 255, 4_096, MAX_SEQUENCE - 1];
  for (const [nth, { id }] of groups.entries()) {
    for (const sequence of sequences) {
      const values = columns.map(({ name, type }) => {
        if (name === "group_id") return String(id);
        if (name === "id") return firstIdAt(sequence) + "c".repeat(19);
        if (name === "status") return nth % 2 === 0 ? "failed" : "queued";
        if (name === "extracted_data") return nth % 3 === 0 ? new Uint8Array([1, nth]) : `{"n":1}`;
        return type === "text" ? `${String(name)} ${nth} ${sequence}` : nth * 1_000 + sequence;
      });
      insert.run(...values);
    }
  }
  const rows = () => sqlite.prepare(`SELECT ${names.join()} FROM job ORDER BY group_id, id`).all();
  const schema = () =>
    sqlite
      .prepare(
        "SELECT name FROM sqlite_master WHERE tbl_name = 'job' AND type = 'index' AND sql > ''",
      )
      .all()
      .map(({ name }) => String(name));
  const [oldRows, oldIndexes] = [rows(), schema()];
  expect(oldRows).toHaveLength(18 * sequences.length);
  for (const name of migrations.filter((name) => name >= KEYS)) sqlite.exec(textOf(name));
  expect(rows()).toEqual(oldRows);
  expect(schema().toSorted()).toEqual(oldIndexes.toSorted());
  const keys = sqlite.prepare("SELECT key, keyed, group_id FROM job ORDER BY key").all();
  const wanted = groups.flatMap(({ rowid, id }) =>
    sequences.map((sequence) => ({
      key: Number(rowid) * MAX_SEQUENCE + sequence,
      keyed: 1,
      group_id: id,
    })),
  );
  expect(keys.map((row) => ({ ...row }))).toEqual(wanted);
});
