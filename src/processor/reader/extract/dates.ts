import { closeTo, fold } from "./fold.ts";

/** A date in a text, with the part of the text it was read from. */
export interface FoundDate {
  iso: string;
  start: number;
  end: number;
  /** Both day and month are 12 or less and the text does not say which is which. */
  ambiguous: boolean;
}

const MONTHS = [
  ["januar", "janner", "january", "janvier"],
  ["februar", "february", "fevrier"],
  ["marz", "maerz", "march", "mars"],
  ["april", "avril"],
  ["mai", "may"],
  ["juni", "june", "juin"],
  ["juli", "july", "juillet"],
  ["august", "aout"],
  ["september", "septembre"],
  ["oktober", "october", "octobre"],
  ["november", "novembre"],
  ["dezember", "december", "decembre"],
];

const YEAR_FIRST = /(?<!\d)(\d{4})\s?[-./]\s?(\d{1,2})\s?[-./]\s?(\d{1,2})(?!\d)/g;
const NUMERIC = /(?<!\d|\d[.,])(\d{1,2})\s?([-./])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d|[.,]\d)/g;
const DAY_MONTH =
  /(?<!\d)(\d{1,2})(?:\.|er|st|nd|rd|th)?\s*(?:of\s+)?([\p{L}]{3,10})\.?,?\s*(\d{4})(?!\d)/gu;
const MONTH_DAY = /([\p{L}]{3,10})\.?\s*(\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(\d{4})(?!\d)/gu;

/** All dates of a text in its order. `monthFirst`: 03/04/2024 is the 4th of March, as Americans write it. */
export function findDates(text: string, { monthFirst = false } = {}): FoundDate[] {
  const found = [
    ...matches(YEAR_FIRST, text, ([, year, month, day]) => ({ year, month, day })),
    ...matches(NUMERIC, text, ([, first, separator, second, year]) =>
      readNumeric({ first, second, year }, monthFirst && separator === "/"),
    ),
    ...matches(DAY_MONTH, text, ([, day, month, year]) => ({
      year,
      month: monthNamed(month),
      day,
    })),
    ...matches(MONTH_DAY, text, ([, month, day, year]) => ({
      year,
      month: monthNamed(month),
      day,
    })),
  ];
  return found.toSorted((a, b) => a.start - b.start);
}

/** The text only has dates that can be read in one way, and one of them puts the month first. */
export function hasMonthFirstDate(text: string): boolean {
  return [...text.matchAll(NUMERIC)].some(
    ([, first, separator, second]) =>
      separator === "/" && Number(first) <= 12 && Number(second) > 12,
  );
}

/** The date so many days later. */
export function addDays(iso: string, days: number): string {
  return new Date(Date.parse(`${iso}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

interface Parts {
  year?: string | undefined;
  month?: string | number | undefined;
  day?: string | undefined;
  ambiguous?: boolean;
}

function matches(pattern: RegExp, text: string, read: (match: string[]) => Parts): FoundDate[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const parts = read([...match]);
    const iso = toIso(Number(parts.year), Number(parts.month), Number(parts.day));
    if (!iso) return [];
    const end = match.index + match[0].length;
    return [{ iso, start: match.index, end, ambiguous: parts.ambiguous ?? false }];
  });
}

function readNumeric(
  { first, second, year }: Record<"first" | "second" | "year", string | undefined>,
  monthFirst: boolean,
): Parts {
  const fullYear = year?.length === 2 ? `20${year}` : year;
  const ambiguous = Number(first) <= 12 && Number(second) <= 12 && first !== second;
  const swap = Number(second) > 12 || (monthFirst && Number(first) <= 12);
  const [day, month] = swap ? [second, first] : [first, second];
  return { year: fullYear, month, day, ambiguous };
}

function monthNamed(name: string | undefined): number {
  const folded = fold(name ?? "");
  const index = MONTHS.findIndex((names) =>
    names.some((month) => month.startsWith(folded) || closeTo(folded, month)),
  );
  return index + 1;
}

function toIso(year: number, month: number, day: number): string | undefined {
  if (!(year >= 1990 && year <= 2099 && month >= 1 && month <= 12)) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCDate() === day ? date.toISOString().slice(0, 10) : undefined;
}
