import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fromMicros, toMicros } from "../../../src/domain/money.ts";

const micros = fc.integer({ min: 0, max: 40_000 * 1_000_000 });

test("an amount of up to six decimals comes back as it was", () => {
  fc.assert(fc.property(micros, (sum) => toMicros(fromMicros(sum)) === sum));
});

test("sums of micros do not drift as sums of decimal fractions do", () => {
  const cents = Array.from({ length: 1_000 }, () => 0.1);
  expect(cents.reduce((sum, cost) => sum + cost, 0)).not.toBe(100);
  expect(fromMicros(cents.reduce((sum, cost) => sum + toMicros(cost), 0))).toBe(100);
});
