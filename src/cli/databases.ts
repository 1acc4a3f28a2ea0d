import { unstable_readConfig } from "wrangler";

/** The names under which `wrangler.toml` binds the databases of an environment: `DB`, `DB_1`, … */
export function databasesOf(env: string): string[] {
  const { d1_databases } = unstable_readConfig({
    config: "wrangler.toml",
    ...(env !== "" && { env }),
  });
  const names = d1_databases.map((database: { binding: string }) => database.binding);
  return names.filter((name: string) => /^DB(_\d+)?$/.test(name));
}

/** The calls of wrangler that migrate these databases. Arguments say where they are. */
export const migrations = (databases: readonly string[], where: readonly string[]): string[][] =>
  databases.map((database) => ["d1", "migrations", "apply", database, ...where]);
