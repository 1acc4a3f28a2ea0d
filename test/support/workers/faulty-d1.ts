import { expect, vi } from "vitest";
import { database } from "./database.ts";

export type Run = () => Promise<D1Result[]>;

// The object runs in this isolate: what stands in front of a session's prototype stands in front of its own too.
const session = Object.getPrototypeOf(database.withSession()) as D1DatabaseSession;
// oxlint-disable-next-line typescript/unbound-method -- called with the database it is called on
const { batch } = session;

/** Asks D1 itself, whatever stands in front of it. */
export const askDirectly = (statements: D1PreparedStatement[]) =>
  batch.call(database.withSession(), statements);

export const broken = () => Promise.reject(new Error("D1_ERROR: Network connection lost."));

/** Stands in front of D1: `write` and `read` say what becomes of each batch, the `nth` from 0. */
export function interpose({
  write = (run) => run(),
  read = (run) => run(),
}: Partial<Record<"read" | "write", (run: Run, nth: number) => Promise<D1Result[]>>>) {
  const seen = { reads: 0, writes: 0 };
  vi.spyOn(console, "error").mockReturnValue();
  vi.spyOn(session, "batch").mockImplementation(async function (
    this: D1DatabaseSession,
    statements,
  ) {
    const run = () => batch.call(this, statements);
    const [first] = statements as unknown as { statement: string }[];
    // The courier of an earlier test's group may still be sending.
    if (first?.statement.includes('"delivery"')) return run();
    const isRead = first?.statement.startsWith("SELECT") === true;
    return isRead ? read(run, seen.reads++) : write(run, seen.writes++);
  });
}

/** The fates of the first write: each breaks the database so that it meets one. */
export const FAULTS = {
  "landed, its answer lost": () =>
    interpose({ write: (run, nth) => (nth === 0 ? run().then(broken) : run()) }),
  "never landed": () => interpose({ write: (run, nth) => (nth === 0 ? broken() : run()) }),
  "landed only after the next read": () => {
    let late: Run | undefined;
    interpose({
      write: (run, nth) => {
        if (nth > 0) return run();
        late = run;
        return broken();
      },
      read: async (run) => {
        const rows = await run();
        await late?.();
        late = undefined;
        return rows;
      },
    });
  },
  "landed only after the next write": () => {
    let late: Run | undefined;
    interpose({
      write: async (run, nth) => {
        if (nth === 0) late = run;
        if (nth === 0) return broken();
        const done = await run();
        await expect(late?.()).rejects.toThrow(/constraint failed/);
        return done;
      },
    });
  },
};
