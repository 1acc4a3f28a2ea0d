import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { drizzle } from "drizzle-orm/d1";
import type { Db } from "../../src/store/db.ts";

const D1_MAX_PARAMETERS = 100;

export interface Statement {
  readonly text: string;
  readonly values: SQLInputValue[];
}

/** As much of D1 as a batch needs, on Node's SQLite; `ran` holds what the last one was. */
export class NodeD1 {
  readonly sqlite: DatabaseSync;
  readonly d1: D1Database;
  readonly db: Db;
  ran: readonly Statement[] = [];
  readonly #explained = new Set<string>();
  #isMigrated = false;

  constructor(path = ":memory:") {
    this.sqlite = new DatabaseSync(path);
    const prepare = (text: string) => ({
      bind: (...values: SQLInputValue[]) => ({
        text,
        values,
        raw: async () => this.#run({ text, values }).results.map((row) => Object.values(row)),
      }),
    });
    const batch = async (statements: readonly Statement[]) => {
      this.ran = statements;
      this.sqlite.exec("BEGIN");
      try {
        const results = statements.map((statement) => this.#run(statement));
        this.sqlite.exec("COMMIT");
        return results;
      } catch (error) {
        this.sqlite.exec("ROLLBACK");
        throw error;
      }
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else of D1 is called
    this.d1 = { prepare, batch } as unknown as D1Database;
    this.db = drizzle(this.d1);
  }

  #run({ text, values }: Statement) {
    if (values.length > D1_MAX_PARAMETERS) throw new Error("more parameters than D1 takes");
    if (this.#isMigrated && !this.#explained.has(text)) this.#refuseScans(text);
    const results = this.sqlite.prepare(text).all(...values);
    const changed = this.sqlite.prepare("SELECT changes() AS changes").get();
    return { results, meta: { changes: Number(changed?.["changes"]) } };
  }

  /** The table of jobs holds those of all groups: no statement may go through it from end to end. */
  #refuseScans(text: string): void {
    this.#explained.add(text);
    for (const { detail } of this.sqlite.prepare(`EXPLAIN QUERY PLAN ${text}`).all()) {
      if (/SCAN job\b/.test(String(detail))) throw new Error(`${String(detail)}: ${text}`);
    }
  }

  migrate(): this {
    const files = readdirSync("migrations").filter((name) => name.endsWith(".sql"));
    for (const name of files.toSorted()) {
      this.sqlite.exec(readFileSync(`migrations/${name}`, "utf8"));
    }
    this.#isMigrated = true;
    return this;
  }

  /** The query plan of each statement of the last batch. */
  plans(): string[] {
    return this.ran.map(({ text, values }) =>
      this.sqlite
        .prepare(`EXPLAIN QUERY PLAN ${text}`)
        .all(...values)
        .map(({ detail }) => String(detail))
        .join("; "),
    );
  }
}
