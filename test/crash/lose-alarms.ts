import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Deletes all alarms of a dead server, and runs `age` in its D1 database. Returns the number of alarms. */
export function loseAlarms(folder: string, age: string): number {
  const everyDatabase = globSync(join(folder, "state", "**", "*.sqlite")).map(
    (path) => new DatabaseSync(path),
  );
  const withTable = (table: string) =>
    everyDatabase.filter((database) =>
      database.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(table),
    );
  const alarms = withTable("_cf_ALARM").reduce(
    (sum, database) => sum + Number(database.prepare("DELETE FROM _cf_ALARM").run().changes),
    0,
  );
  for (const database of withTable("job_group")) database.exec(age);
  for (const database of everyDatabase) database.close();
  return alarms;
}
