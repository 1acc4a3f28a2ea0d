import type { Found } from "./found.ts";

const CODES = [
  "EUR",
  "USD",
  "GBP",
  "CHF",
  "SEK",
  "NOK",
  "DKK",
  "PLN",
  "CZK",
  "HUF",
  "CAD",
  "AUD",
  "JPY",
] as const;
const SIGNS: [RegExp, string][] = [
  [/€/g, "EUR"],
  [/£/g, "GBP"],
  [/\bUS\s?\$/g, "USD"],
  [/\$/g, "USD"],
  [/\b(?:SFr|Fr)\.(?=\s?\d)/g, "CHF"],
];

/** The currency that is named most often, a name beside an amount counting three times. */
export function findCurrency(text: string): Found<string> | undefined {
  const votes = new Map<string, number>();
  const count = (currency: string, pattern: RegExp) => {
    for (const { index, 0: sign } of text.matchAll(pattern)) {
      const around = text.slice(Math.max(0, index - 3), index + sign.length + 3);
      votes.set(currency, (votes.get(currency) ?? 0) + (/\d/.test(around) ? 3 : 1));
    }
  };
  for (const code of CODES) count(code, new RegExp(`(?<!\\p{L})${code}(?!\\p{L})`, "gu"));
  for (const [pattern, currency] of SIGNS) count(currency, pattern);
  const [first, second] = [...votes].toSorted(([, a], [, b]) => b - a);
  if (!first) return undefined;
  const [value, most] = first;
  return { value, confidence: most / (most + (second?.[1] ?? 0)) };
}
