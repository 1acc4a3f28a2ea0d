import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { drizzle } from "drizzle-orm/d1";
import type { Db } from "../../src/store/db.ts";

const D1_MAX_PARAMETERS = 100;

export interface Statement {
  readonly text: string;
  readonly values: SQLInputValue[];
}

/** As much of D1 as `db.batch` needs, on Node's SQLite; `ran` holds what the last batch was. */
export class NodeD1 {
  readonly sqlite: DatabaseSync;
  readonly db: Db;
  ran: readonly Statement[] = [];

  constructor(path = ":memory:") {
    this.sqlite = new DatabaseSync(path);
    const prepare = (text: string) => ({
      bind: (...values: SQLInputValue[]) => ({ text, values }),
    });
    const batch = async (statements: Statement[]) => {
      this.ran = statements;
      return statements.map(({ text, values }) => {
        if (values.length > D1_MAX_PARAMETERS) throw new Error("more parameters than D1 takes");
        return { results: this.sqlite.prepare(text).all(...values) };
      });
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else of D1 is called
    this.db = drizzle({ prepare, batch } as unknown as D1Database);
  }

  migrate(): this {
    const files = readdirSync("migrations").filter((name) => name.endsWith(".sql"));
    for (const name of files.toSorted()) {
      this.sqlite.exec(readFileSync(`migrations/${name}`, "utf8"));
    }
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
