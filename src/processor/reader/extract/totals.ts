import type { Line } from "../layout/word.ts";
import { meanConfidence } from "../layout/word.ts";
import { findAmounts } from "./amounts.ts";
import { type Found, rounded } from "./found.ts";
import type { Label, LabelKind } from "./labels.ts";
import { valuesOf } from "./values.ts";

export interface Totals {
  net?: Found<number>;
  tax?: Found<number>;
  total?: Found<number>;
  /** Net and tax add up to the total; absent when one of the three was not found. */
  totalsAgree?: boolean;
}

const MOST_CANDIDATES = 8;
/** A cent for each of two roundings. */
const TOLERANCE = 0.021;

/** The three sums that fit best: each near its label, and net + tax = total. */
export function findTotals(lines: readonly Line[], labels: readonly Label[]): Totals {
  const nets = candidates("net", lines, labels);
  const taxes = withSum(candidates("tax", lines, labels));
  const totals = candidates("total", lines, labels);
  const agreeing = combine(nets, taxes, totals)
    .filter(({ net, tax, total }) => agree(net.value, tax.value, total.value))
    .toSorted((a, b) => scoreOf(b) - scoreOf(a))[0];
  if (agreeing) return { ...raise(agreeing), totalsAgree: true };
  const found = partial(nets, taxes, totals, lines);
  if (found) return { ...raise(found), totalsAgree: true };
  const [net, tax, total] = [first(nets), first(taxes), first(totals)];
  return {
    ...(net && { net }),
    ...(tax && { tax }),
    ...(total && { total }),
    ...(net && tax && total && { totalsAgree: false }),
  };
}

interface Triple {
  net: Found<number>;
  tax: Found<number>;
  total: Found<number>;
}

function candidates(
  kind: LabelKind,
  lines: readonly Line[],
  labels: readonly Label[],
): Found<number>[] {
  const found = labels
    .filter((label) => label.kind === kind)
    .flatMap((label) =>
      valuesOf(label, lines, labels).flatMap(({ text, nearness, confidence }) => {
        const amount = findAmounts(text).at(-1);
        return amount
          ? [{ value: amount.value, confidence: label.strength * nearness * confidence }]
          : [];
      }),
    );
  return found.toSorted((a, b) => b.confidence - a.confidence).slice(0, MOST_CANDIDATES);
}

/** With two rates, the tax is the sum of two lines. */
function withSum(taxes: readonly Found<number>[]): Found<number>[] {
  const [one, two] = taxes;
  if (!one || !two || one.value === two.value) return [...taxes];
  const confidence = 0.9 * Math.min(one.confidence, two.confidence);
  return [...taxes, { value: one.value + two.value, confidence }];
}

function combine(nets: Found<number>[], taxes: Found<number>[], totals: Found<number>[]): Triple[] {
  return nets.flatMap((net) =>
    taxes.flatMap((tax) => totals.map((total) => ({ net, tax, total }))),
  );
}

/** Tries the amounts of the page in place of a sum whose label was not read. */
function partial(
  nets: Found<number>[],
  taxes: Found<number>[],
  totals: Found<number>[],
  lines: readonly Line[],
): Triple | undefined {
  const anywhere = lines.flatMap((line) =>
    findAmounts(line.text).map(({ value }) => ({
      value,
      confidence: 0.5 * meanConfidence(line.cells.flatMap(({ words }) => words)),
    })),
  );
  const most = Math.max(...anywhere.map(({ value }) => value));
  const largest = anywhere.filter(({ value }) => value === most);
  return [
    ...combine(nets, taxes, anywhere),
    ...combine(nets, anywhere, totals),
    ...combine(anywhere, taxes, totals),
    ...combine(anywhere, anywhere.slice(-12), largest).filter(
      ({ tax, net }) => tax.value < net.value / 2,
    ),
  ]
    .filter(({ net, tax, total }) => tax.value > 0 && agree(net.value, tax.value, total.value))
    .toSorted((a, b) => scoreOf(b) - scoreOf(a))[0];
}

function agree(net: number, tax: number, total: number): boolean {
  return total !== 0 && Math.abs(net + tax - total) < TOLERANCE;
}

function scoreOf({ net, tax, total }: Triple): number {
  return net.confidence + tax.confidence + total.confidence;
}

/** Three numbers that add up are hardly misread. */
function raise({ net, tax, total }: Triple): Triple {
  const surer = ({ value, confidence }: Found<number>) => ({
    value: Math.round(value * 100) / 100,
    confidence: rounded(1 - (1 - confidence) * 0.3),
  });
  return { net: surer(net), tax: surer(tax), total: surer(total) };
}

function first(found: readonly Found<number>[]): Found<number> | undefined {
  return found[0];
}
