/** Characters of an IBAN by country, as the registry of SWIFT lists them. */
const LENGTHS: Record<string, number> = {
  AD: 24,
  AT: 20,
  BE: 16,
  BG: 22,
  CH: 21,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  EE: 20,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  GR: 27,
  HR: 21,
  HU: 28,
  IE: 22,
  IS: 26,
  IT: 27,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MT: 31,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  RO: 24,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  TR: 26,
};
/** Characters that an engine may read in place of a digit, each with that digit. */
const CONFUSED: Record<string, string> = {
  O: "0",
  Q: "0",
  D: "0",
  I: "1",
  L: "1",
  "|": "1",
  Z: "2",
  S: "5",
  G: "6",
  B: "8",
};
/** BBANs of these countries are digits alone: every letter is misread. */
const DIGITS_ONLY = new Set([
  "AT",
  "BE",
  "CZ",
  "DE",
  "DK",
  "EE",
  "ES",
  "FI",
  "HR",
  "HU",
  "IS",
  "LT",
  "NO",
  "PL",
  "PT",
  "SE",
  "SI",
  "SK",
]);

export interface FoundIban {
  iban: string;
  /** Letters were replaced by the digits they look like. */
  repaired: boolean;
}

/** The first IBAN in the text whose checksum is right. */
export function findIban(text: string): FoundIban | undefined {
  for (const match of text.matchAll(/(?<![A-Za-z0-9])[A-Z]{2}\s?[0-9OIlSB]{2}/g)) {
    const country = match[0].slice(0, 2);
    const length = LENGTHS[country];
    if (!length) continue;
    const read = text
      .slice(match.index)
      .replaceAll(/[\s.\-_]/g, "")
      .slice(0, length);
    if (read.length < length) continue;
    if (hasRightChecksum(read)) return { iban: read, repaired: false };
    const iban = repair(read, country);
    if (hasRightChecksum(iban)) return { iban, repaired: true };
  }
  return undefined;
}

export function hasRightChecksum(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban) || iban.length !== LENGTHS[iban.slice(0, 2)])
    return false;
  const moved = iban.slice(4) + iban.slice(0, 4);
  const digits = moved.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n === 1n;
}

function repair(read: string, country: string): string {
  const toDigits = (text: string) =>
    text.toUpperCase().replaceAll(/[A-Z|]/g, (letter) => CONFUSED[letter] ?? letter);
  const account = read.slice(4);
  const bank = country === "GB" || country === "NL" || country === "IE" ? 4 : 0;
  const fixed =
    DIGITS_ONLY.has(country) || bank > 0
      ? account.slice(0, bank) + toDigits(account.slice(bank))
      : account.toUpperCase();
  return country + toDigits(read.slice(2, 4)) + fixed;
}
