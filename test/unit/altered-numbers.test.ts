import fc from "fast-check";
import { expect, test } from "vitest";
import { alteredNumbers } from "../../src/http/input/altered-numbers.ts";

const isAltered = (literal: string) => alteredNumbers(`{"n":${literal}}`).length > 0;

/** The decimal number as an integer times a power of ten. */
function parts(literal: string): [digits: bigint, power: number] {
  const [mantissa = "", exponent = "0"] = literal.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}

/** Exact, by whole numbers of any size. */
function areEqual(one: string, other: string): boolean {
  const [[a, powerOfA], [b, powerOfB]] = [parts(one), parts(other)];
  const least = Math.min(powerOfA, powerOfB);
  return a * 10n ** BigInt(powerOfA - least) === b * 10n ** BigInt(powerOfB - least);
}

const literals = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,24})?([eE][+-]?\d{1,3})?$/),
  fc.stringMatching(/^-?(0|[1-9]\d{0,2})0{10,20}(\.0{0,3})?\d([eE][+-]?\d{1,3})?$/),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.bigInt({ min: 2n ** 52n, max: 2n ** 70n }).map(String),
);

test("a number is altered exactly when it would be written out as another one", () => {
  const holds = (literal: string) => {
    const written = String(Number(literal));
    const isSame = Number.isFinite(Number(literal)) && areEqual(literal, written);
    expect(isAltered(literal), `${literal} is written ${written}`).toBe(!isSame);
  };
  fc.assert(fc.property(literals, holds), { numRuns: 5_000 });
});

test.each(["64000000000000000", "6.4e16", "1e21", "9007199254740992", "5e-324", "-0", "0e9999"])(
  "%s is kept",
  (literal) => expect(isAltered(literal)).toBe(false),
);

test.each([
  "9007199254740993",
  "12345678901234567890",
  "0.12345678901234567890",
  "1e-400",
  "-1e400",
  "4.9e-324",
])("%s is altered", (literal) => expect(isAltered(literal)).toBe(true));

test("each place is named, and digits in strings are text", () => {
  const long = "0.1234567890123456789";
  const text = JSON.stringify(`\\"${long}`);
  const json = `{${text}:[1, {"~/a\\"b":${long}}, ${text}, [], -${long}], "${long}":"${long}", "c":1e400}`;
  const key = JSON.parse(text) as string;
  expect(alteredNumbers(json)).toEqual([[key, "1", '~/a"b'], [key, "4"], ["c"]]);
});

test("a mebibyte of digits, zeros or quotes is read in a moment", () => {
  const mib = 2 ** 20;
  for (const json of [
    `[${"9".repeat(mib)}]`,
    `[1${"0".repeat(mib)}1]`,
    `["${String.raw`\"`.repeat(mib / 2)}1e5"]`,
    `["${String.raw`\n`.repeat(mib / 2)}1e5"]`,
    `[${"0.1234567890123456,".repeat(mib / 19)}1]`,
  ]) {
    const start = performance.now();
    alteredNumbers(json);
    expect(performance.now() - start).toBeLessThan(2_000);
  }
});
