import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decimalMark,
  findAmounts,
  parseNumber,
} from "../../../src/processor/reader/extract/amounts.ts";

describe("findAmounts", () => {
  test.each([
    ["1,234.56", 1234.56],
    ["1.234,56", 1234.56],
    ["1 234,56", 1234.56],
    ["1\u202f234,56 €", 1234.56],
    ["1'234.56", 1234.56],
    ["CHF 1’234’567.80", 1_234_567.8],
    ["$0.99", 0.99],
    ["EUR 12345,60", 12_345.6],
    ["-45,00", -45],
    ["45,00-", -45],
  ])("reads %s", (text, value) => {
    expect(findAmounts(text).map((amount) => amount.value)).toEqual([value]);
  });

  test("every amount is read back from every way to write it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999_999 }),
        fc.constantFrom([",", "."], [".", ","], [" ", ","], ["'", "."], ["", "."]),
        (cents, [thousands = "", decimal = "."]) => {
          const whole = String(Math.floor(cents / 100)).replaceAll(/\B(?=(\d{3})+$)/g, thousands);
          const text = `${whole}${decimal}${String(cents % 100).padStart(2, "0")}`;
          expect(findAmounts(text).map(({ value }) => value)).toEqual([cents / 100]);
        },
      ),
    );
  });

  test.each(["19 %", "8.10%", "12.03.2024", "1.234", "2024/0457", "DE89 3704 0044"])(
    "finds no money in %s",
    (text) => {
      expect(findAmounts(text)).toEqual([]);
    },
  );

  test("letters that look like digits are read as digits inside an amount", () => {
    expect(findAmounts("1.2O4,S6").map(({ value }) => value)).toEqual([1204.56]);
  });

  test("finds all amounts of a line in its order", () => {
    const values = findAmounts("MwSt. 19 % von 1.000,00 € 190,00 €").map(({ value }) => value);
    expect(values).toEqual([1000, 190]);
  });
});

describe("parseNumber", () => {
  test.each([
    ["4", undefined, 4],
    ["4.5", undefined, 4.5],
    ["4,5", undefined, 4.5],
    ["1.000", undefined, 1000],
    ["1.000", ".", 1],
    ["1 200", undefined, 1200],
    ["-3", undefined, -3],
  ] as const)("reads %s with the decimal mark %s as %d", (text, decimal, value) => {
    expect(parseNumber(text, decimal)).toBe(value);
  });

  test("answers null for what is no number", () => {
    expect(parseNumber("Stück")).toBeNull();
  });
});

test("the decimal mark is the one of most amounts", () => {
  expect(decimalMark("1.234,56 and 7,80 and 3.50")).toBe(",");
  expect(decimalMark("1,234.56 and 7.80")).toBe(".");
});
