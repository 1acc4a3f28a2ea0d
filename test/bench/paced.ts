/** Milliseconds of each answer. It does not wait for one before it asks again: else it would ask least when it waits longest. */
export async function paced(
  send: () => Promise<void>,
  paceMs: number,
  seconds: number,
): Promise<number[]> {
  const begun = performance.now();
  const timed = async (nth: number): Promise<number> => {
    const at = begun + nth * paceMs;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
    await send();
    return performance.now() - at;
  };
  return Promise.all(Array.from({ length: (seconds * 1_000) / paceMs }, (_, nth) => timed(nth)));
}
