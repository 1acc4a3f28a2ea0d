import { expect, test } from "vitest";
import { inParallel } from "../../src/lib/in-parallel.ts";

test("values are mapped in their order, as many at the same time as allowed and no more", async () => {
  let [running, most] = [0, 0];
  const half = async (value: number) => {
    most = Math.max(most, ++running);
    for (let turns = value; turns > 0; turns--) await Promise.resolve();
    running--;
    return value / 2;
  };
  expect(await inParallel([6, 2, 4, 0, 8], 2, half)).toEqual([3, 1, 2, 0, 4]);
  expect(most).toBe(2);
  expect(await inParallel([], 2, half)).toEqual([]);
});
