import type { Random } from "./random.ts";
import type { Company, DateFormat, Region, Words } from "./locales.ts";

/** The fields of an invoice as they are really meant, in the shape that the reader answers. */
export interface Truth {
  invoiceNumber: string;
  invoiceDate: string;
  dueDate: string;
  vendor: string;
  currency: string;
  net: number;
  tax: number;
  total: number;
  iban?: string;
  lineItems: { description: string; quantity: number; unitPrice: number; amount: number }[];
}

/** An invoice as it is printed: every text in the wording and format of its region. */
export interface Printed {
  language: Region["language"];
  vendor: Company;
  customer: Company;
  customerNumber: string;
  title: string;
  invoiceNumber: Labelled;
  invoiceDate: Labelled;
  /** Left out when the due date follows from the terms alone. */
  dueDate?: Labelled;
  terms?: string;
  billTo: string;
  rows: { description: string; quantity: string; unitPrice: string; amount: string }[];
  net: Labelled;
  tax: Labelled;
  total: Labelled;
  iban?: string;
  bank?: string;
  words: Words;
}

export interface Labelled {
  label: string;
  value: string;
}

export function makeInvoice(random: Random, region: Region): { truth: Truth; printed: Printed } {
  const cents = makeRows(random, region);
  const net = cents.reduce((sum, row) => sum + row.amount, 0);
  const rate = random.pick(region.taxRates);
  const tax = Math.round((net * rate) / 100);
  const date = new Date(Date.UTC(2024, random.int(0, 23), random.int(1, 28)));
  const days = random.pick([14, 30, 30, 45]);
  const due = new Date(date.getTime() + days * 86_400_000);
  const byTerms = random.next() < 0.3;
  const iban = region.iban && makeIban(random, region.iban);
  const vendor = random.pick(region.vendors);
  const number = makeNumber(random, date, region.numbers);
  const format = random.pick(region.dateFormats);
  const symbol = random.pick(region.symbols);
  const { words } = region;
  const money = (value: number) => withSymbol(formatCents(value, region), symbol);
  return {
    truth: {
      invoiceNumber: number,
      invoiceDate: date.toISOString().slice(0, 10),
      dueDate: due.toISOString().slice(0, 10),
      vendor: vendor.name,
      currency: region.currency,
      net: net / 100,
      tax: tax / 100,
      total: (net + tax) / 100,
      ...(iban && { iban }),
      lineItems: cents.map((row) => ({
        description: row.description,
        quantity: row.quantity,
        unitPrice: row.unitPrice / 100,
        amount: row.amount / 100,
      })),
    },
    printed: {
      language: region.language,
      vendor,
      customer: random.pick(region.customers),
      customerNumber: String(random.int(10_000, 99_999)),
      title: random.pick(words.title),
      invoiceNumber: { label: random.pick(words.invoiceNumber), value: number },
      invoiceDate: {
        label: random.pick(words.invoiceDate),
        value: formatDate(date, format, words),
      },
      ...(byTerms
        ? { terms: random.pick(words.terms).replace("{days}", String(days)) }
        : {
            dueDate: { label: random.pick(words.dueDate), value: formatDate(due, format, words) },
          }),
      billTo: random.pick(words.billTo),
      rows: cents.map((row) => ({
        description: row.description,
        quantity: String(row.quantity).replace(".", region.decimal),
        unitPrice: formatCents(row.unitPrice, region),
        amount: formatCents(row.amount, region),
      })),
      net: { label: random.pick(words.net), value: money(net) },
      tax: {
        label: random.pick(words.tax).replace("{rate}", String(rate).replace(".", region.decimal)),
        value: money(tax),
      },
      total: { label: random.pick(words.total), value: money(net + tax) },
      ...(iban &&
        region.iban && { iban: iban.replaceAll(/(.{4})(?=.)/g, "$1 "), bank: region.iban.bank }),
      words,
    },
  };
}

/** One to six rows, money in cents. Every product is a whole number of cents. */
function makeRows(random: Random, region: Region) {
  const left = [...region.items];
  return Array.from({ length: random.int(1, Math.min(6, left.length)) }, () => {
    const [description = ""] = left.splice(random.int(0, left.length - 1), 1);
    const halves = random.int(1, 24);
    const quantity = random.next() < 0.3 ? halves / 2 : Math.ceil(halves / 2);
    const unitPrice =
      random.int(2, 900) * (random.next() < 0.5 ? 100 : 50) + random.pick([0, 0, 40, 90]);
    return { description, quantity, unitPrice, amount: Math.round(unitPrice * quantity) };
  });
}

function makeNumber(random: Random, date: Date, patterns: readonly string[]): string {
  return random
    .pick(patterns)
    .replace("{year}", String(date.getUTCFullYear()))
    .replace(/\{n(\d)\}/, (_, digits: string) =>
      String(random.int(1, 10 ** Number(digits) - 1)).padStart(Number(digits), "0"),
    );
}

function makeIban(
  random: Random,
  { country, length }: { country: string; length: number },
): string {
  const bank = country === "GB" ? "NGTB" : "";
  const rest = Array.from({ length: length - bank.length }, () => random.int(0, 9)).join("");
  const digits = `${bank}${rest}${country}00`.replaceAll(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  const check = 98n - (BigInt(digits) % 97n);
  return `${country}${String(check).padStart(2, "0")}${bank}${rest}`;
}

export function formatCents(cents: number, { decimal, thousands }: Region): string {
  const whole = String(Math.floor(cents / 100)).replaceAll(/\B(?=(\d{3})+$)/g, thousands);
  return `${whole}${decimal}${String(cents % 100).padStart(2, "0")}`;
}

function withSymbol(amount: string, { text, before }: { text: string; before: boolean }): string {
  if (!before) return `${amount} ${text}`;
  return text.length === 1 ? `${text}${amount}` : `${text} ${amount}`;
}

function formatDate(date: Date, format: DateFormat, { months }: Words): string {
  const parts: Record<string, string> = {
    d: String(date.getUTCDate()).padStart(format.includes("month") ? 1 : 2, "0"),
    m: String(date.getUTCMonth() + 1).padStart(2, "0"),
    Y: String(date.getUTCFullYear()),
    month: months[date.getUTCMonth()] ?? "",
  };
  return format.replaceAll(/month|[dmY]/g, (part) => parts[part] ?? part);
}
