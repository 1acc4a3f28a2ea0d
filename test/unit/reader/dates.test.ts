import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDays,
  findDates,
  hasMonthFirstDate,
} from "../../../src/processor/reader/extract/dates.ts";

describe("findDates", () => {
  test.each([
    ["12.03.2024", "2024-03-12"],
    ["12. 3. 24", "2024-03-12"],
    ["12. März 2024", "2024-03-12"],
    ["1. Jänner 2024", "2024-01-01"],
    ["2024-03-12", "2024-03-12"],
    ["12/03/2024", "2024-03-12"],
    ["12 mars 2024", "2024-03-12"],
    ["1er août 2024", "2024-08-01"],
    ["12 déc. 2024", "2024-12-12"],
    ["12 March 2024", "2024-03-12"],
    ["March 12, 2024", "2024-03-12"],
    ["Mar 12th, 2024", "2024-03-12"],
    ["3/25/2024", "2024-03-25"],
    ["7. Fcbruar 2024", "2024-02-07"],
  ])("reads %s", (text, iso) => {
    expect(findDates(text).map((date) => date.iso)).toEqual([iso]);
  });

  test("the month comes first where Americans write, but only between slashes", () => {
    expect(findDates("03/04/2024", { monthFirst: true })[0]?.iso).toBe("2024-03-04");
    expect(findDates("03.04.2024", { monthFirst: true })[0]?.iso).toBe("2024-04-03");
  });

  test("says when day and month could change places", () => {
    expect(findDates("03/04/2024")[0]?.ambiguous).toBe(true);
    expect(findDates("13/04/2024")[0]?.ambiguous).toBe(false);
  });

  test.each([
    "31.02.2024",
    "99.99.2024",
    "1.234,56",
    "192.168.1.10",
    "12 Stück 2024",
    "0800 12 34",
  ])("finds no date in %s", (text) => {
    expect(findDates(text)).toEqual([]);
  });

  test("every day is read back from the German and the ISO form", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("1990-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString().slice(0, 10);
          const german = iso.split("-").toReversed().join(".");
          expect(findDates(`${iso} ${german}`).map((found) => found.iso)).toEqual([iso, iso]);
        },
      ),
    );
  });
});

test("a date with a second part over 12 shows that the month comes first", () => {
  expect(hasMonthFirstDate("03/25/2024")).toBe(true);
  expect(hasMonthFirstDate("25/03/2024 and 03/04/2024")).toBe(false);
});

test("days are added over the ends of months and years", () => {
  expect(addDays("2023-12-15", 30)).toBe("2024-01-14");
});
