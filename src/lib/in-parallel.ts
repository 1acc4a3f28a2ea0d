/** Maps values in their order, at most `limit` of them at the same time. */
export async function inParallel<Value, Result>(
  values: readonly Value[],
  limit: number,
  map: (value: Value) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = values.entries();
  const work = async () => {
    for (const [index, value] of left) results[index] = await map(value);
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
