const DISTANCE_MS = 5;
let distant = false;

/** Puts D1 a few milliseconds away, as it is from most objects: on one machine it is next door. */
export function keepDistance({ DB }: Env): void {
  if (distant) return;
  distant = true;
  const databases = Object.getPrototypeOf(DB) as D1Database;
  // oxlint-disable-next-line typescript/unbound-method -- called with the database it is called on
  const { batch } = databases;
  databases.batch = async function <T>(this: D1Database, statements: D1PreparedStatement[]) {
    await scheduler.wait(DISTANCE_MS);
    return batch.call<D1Database, [typeof statements], Promise<D1Result<T>[]>>(this, statements);
  };
}
