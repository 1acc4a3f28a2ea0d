import fc from "fast-check";
import { expect, test } from "vitest";
import { findIban, hasRightChecksum } from "../../../src/processor/reader/extract/iban.ts";

const REAL = [
  "DE89370400440532013000",
  "GB29NWBK60161331926819",
  "FR1420041010050500013M02606",
  "CH9300762011623852957",
];

test.each(REAL)("finds %s in groups of four within a line", (iban) => {
  const spaced = iban.replaceAll(/(.{4})(?=.)/g, "$1 ");
  expect(findIban(`Sparkasse · IBAN: ${spaced} · BIC COBADEFFXXX`)).toEqual({
    iban,
    repaired: false,
  });
});

test("letters that look like digits are repaired where the checksum then is right", () => {
  expect(findIban("IBAN DE89 37O4 0O44 0532 OI30 00")).toEqual({
    iban: "DE89370400440532013000",
    repaired: true,
  });
  expect(findIban("IBAN FRI4 2004 1010 0505 0001 3M02 606")).toEqual({
    iban: "FR1420041010050500013M02606",
    repaired: true,
  });
});

test("a wrong checksum is no IBAN, whichever digit is wrong", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...REAL),
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      (iban, seed, shift) => {
        const digits = [...iban.matchAll(/\d/g)].map(({ index }) => index);
        const at = digits[seed % digits.length] ?? 2;
        const wrong = iban.slice(0, at) + ((Number(iban[at]) + shift) % 10) + iban.slice(at + 1);
        expect(hasRightChecksum(wrong)).toBe(false);
      },
    ),
  );
});

test("an unknown country and a short number are no IBAN", () => {
  expect(findIban("XX89 3704 0044 0532 0130 00")).toBeUndefined();
  expect(findIban("DE89 3704 0044")).toBeUndefined();
});
