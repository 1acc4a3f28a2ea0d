/** The work that D1 was asked to do. */
export interface Cost {
  readonly roundTrips: number;
  readonly statements: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** The time that D1's thread took, and the longest that it took for one statement. */
  readonly busyMs: number;
  readonly longestMs: number;
}

const NOTHING: Cost = {
  roundTrips: 0,
  statements: 0,
  rowsRead: 0,
  rowsWritten: 0,
  busyMs: 0,
  longestMs: 0,
};

/**
 * Counts all that this isolate asks of D1, Durable Objects included: it stands in front of what all
 * sessions and statements inherit; a database's own batches go through a session, too.
 */
export class Meter {
  #cost = NOTHING;

  constructor(database: D1Database) {
    const count = this.#count.bind(this);
    const sessions = Object.getPrototypeOf(database.withSession()) as D1DatabaseSession;
    const statements = Object.getPrototypeOf(database.prepare("SELECT 1")) as D1PreparedStatement;
    // oxlint-disable typescript/unbound-method -- called with what they are called on
    const { batch } = sessions;
    const { all, run } = statements;
    // oxlint-enable typescript/unbound-method
    sessions.batch = async function <T>(this: D1DatabaseSession, all: D1PreparedStatement[]) {
      return count(
        await batch.call<D1DatabaseSession, [typeof all], Promise<D1Result<T>[]>>(this, all),
      );
    };
    statements.run = async function <T>(this: D1PreparedStatement) {
      const result = await run.call<D1PreparedStatement, [], Promise<D1Result<T>>>(this);
      return count([result]) && result;
    };
    statements.all = async function <T>(this: D1PreparedStatement) {
      const result = await all.call<D1PreparedStatement, [], Promise<D1Result<T>>>(this);
      return count([result]) && result;
    };
    // The one that drizzle reads with does not say what it cost.
    statements.raw = async function (this: D1PreparedStatement) {
      const { results } = await this.all();
      return results.map((row) => Object.values(row));
    } as D1PreparedStatement["raw"];
  }

  /** The cost since the last time. */
  take(): Cost {
    const cost = this.#cost;
    this.#cost = NOTHING;
    return cost;
  }

  #count<T extends D1Result[]>(results: T): T {
    const sum = (of: "rows_read" | "rows_written" | "duration") =>
      results.reduce((total, { meta }) => total + meta[of], 0);
    this.#cost = {
      roundTrips: this.#cost.roundTrips + 1,
      statements: this.#cost.statements + results.length,
      rowsRead: this.#cost.rowsRead + sum("rows_read"),
      rowsWritten: this.#cost.rowsWritten + sum("rows_written"),
      busyMs: this.#cost.busyMs + sum("duration"),
      longestMs: Math.max(this.#cost.longestMs, ...results.map(({ meta }) => meta.duration)),
    };
    return results;
  }
}
