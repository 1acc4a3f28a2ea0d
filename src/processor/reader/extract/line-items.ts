import { type Cell, type Line, meanConfidence, type Word } from "../layout/word.ts";
import { decimalMark, findAmounts, parseNumber } from "./amounts.ts";
import { closeTo, fold } from "./fold.ts";
import type { Found } from "./found.ts";
import type { Label } from "./labels.ts";

export interface LineItem {
  description: string;
  quantity?: number;
  unitPrice?: number;
  amount: number;
}

type Column = "description" | "quantity" | "unitPrice" | "amount" | "other";

const HEADS: Record<Column, string> = {
  description: `beschreibung bezeichnung artikel leistung produkt text artikelbezeichnung leistungsbeschreibung description item
    product service details particulars designation libelle prestation produit article descriptif`,
  quantity:
    "menge anzahl anz stuck stk std stunden qty quantity quant hours units quantite qte nombre nb",
  unitPrice: `einzelpreis preis epreis stuckpreis einheitspreis preiseinheit ep unitprice price rate unitcost priceeach cost
    prixunitaire prixunit pu prixunitaireht puht prix tarif`,
  amount: `betrag gesamt gesamtpreis summe total gp amount linetotal sum montant montantht totalht prixtotal gesamtbetrag
    betrageur betragchf amounteur amountusd`,
  other:
    "pos position nr no mwst ust vat tva tax einheit unit unite rabatt discount remise artnr artikelnr datum date code ref",
};
const COLUMN_OF = Object.entries(HEADS).flatMap(([column, words]) =>
  words.split(/\s+/).map((word) => ({ column: column as Column, word })),
);

interface Head {
  column: Column;
  left: number;
  right: number;
}

/** The rows of the first table whose head names an amount and two more columns. */
export function findLineItems(
  lines: readonly Line[],
  labels: readonly Label[],
): Found<LineItem[]> | undefined {
  for (const [index, line] of lines.entries()) {
    const heads = readHeads(line);
    if (!heads) continue;
    const decimal = decimalMark(lines.map(({ text }) => text).join("\n"));
    const rows = readRows(lines.slice(index + 1), heads, labels, decimal);
    if (rows.length > 0) return rateRows(rows);
  }
  return undefined;
}

interface Row {
  item: LineItem;
  confidence: number;
}

function readHeads(line: Line): Head[] | undefined {
  const heads: Head[] = [];
  for (const { words } of line.cells) {
    let start = 0;
    while (start < words.length) {
      const found = headAt(words, start);
      if (found) heads.push(found.head);
      start += found?.count ?? 1;
    }
  }
  const named = new Set(heads.map(({ column }) => column));
  const enough = named.has("amount") && named.has("description") && named.size >= 3;
  return enough ? heads : undefined;
}

function headAt(words: readonly Word[], start: number): { head: Head; count: number } | undefined {
  for (const count of [3, 2, 1]) {
    const part = words.slice(start, start + count);
    const [first, last] = [part[0], part.at(-1)];
    if (!first || !last || part.length < count) continue;
    const folded = fold(part.map(({ text }) => text).join(""));
    const match =
      COLUMN_OF.find(({ word }) => word === folded) ??
      COLUMN_OF.find(({ word }) => closeTo(folded, word));
    if (match)
      return { head: { column: match.column, left: first.left, right: last.right }, count };
  }
  return undefined;
}

/** Rows end at the sums. A line without an amount continues the description of the row above it. */
function readRows(
  lines: readonly Line[],
  heads: readonly Head[],
  labels: readonly Label[],
  decimal: "." | ",",
): Row[] {
  const rows: Row[] = [];
  let last: Line | undefined;
  for (const line of lines) {
    if (isSum(line, labels)) break;
    const row = readRow(line, heads, decimal);
    const previous = rows.at(-1);
    if (row) {
      rows.push(row);
      last = line;
    } else if (previous && last && continues(line, last, heads)) {
      previous.item.description += ` ${line.text}`;
      last = line;
    }
  }
  return rows;
}

function isSum(line: Line, labels: readonly Label[]): boolean {
  return labels.some(
    (label) =>
      label.line === line &&
      (label.kind === "net" || label.kind === "tax" || label.kind === "total") &&
      label.next <= 3 &&
      findAmounts(line.text).length > 0 &&
      line.cells.length <= 3,
  );
}

function readRow(line: Line, heads: readonly Head[], decimal: "." | ","): Row | undefined {
  const columns = new Map<Column, Word[]>();
  for (const cell of line.cells)
    for (const word of cell.words) {
      const { column } = columnOf(word, cell, heads);
      columns.set(column, [...(columns.get(column) ?? []), word]);
    }
  const textOf = (column: Column) => (columns.get(column) ?? []).map(({ text }) => text).join(" ");
  const amount = findAmounts(textOf("amount")).at(-1)?.value;
  const description = textOf("description").trim();
  if (amount === undefined || !/\p{L}/u.test(description)) return undefined;
  const quantity = parseNumber(textOf("quantity").replace(/\s?\p{L}+\.?$/u, ""), decimal);
  const unitPrice = findAmounts(textOf("unitPrice")).at(-1)?.value;
  return {
    item: {
      description,
      ...(quantity !== null && { quantity }),
      ...(unitPrice !== undefined && { unitPrice }),
      amount,
    },
    confidence: meanConfidence(line.cells.flatMap(({ words }) => words)),
  };
}

/** Numbers belong to the column whose head they end or begin with, texts to the one they begin under. */
function columnOf(word: Word, cell: Cell, heads: readonly Head[]): Head {
  const box = /\d/.test(cell.text) && !/\p{L}{3}/u.test(cell.text) ? cell : word;
  const distance = (head: Head) => {
    if (/\p{L}{2}/u.test(cell.text) && head.column === "description" && cell.left < head.right + 20)
      return 0;
    const overlap = Math.min(box.right, head.right) - Math.max(box.left, head.left);
    const edges = Math.min(Math.abs(head.right - box.right), Math.abs(head.left - box.left));
    return overlap > 0 ? 0.5 + edges / 1000 : edges;
  };
  return heads.reduce((near, head) => (distance(head) < distance(near) ? head : near));
}

function continues(line: Line, above: Line, heads: readonly Head[]): boolean {
  const description = heads.find(({ column }) => column === "description");
  const [cell, ...more] = line.cells;
  if (!cell || !description || more.length > 0 || line.page !== above.page) return false;
  const near = line.top - above.bottom < 1.2 * (above.bottom - above.top);
  return near && Math.abs(cell.left - description.left) < 12 && /\p{L}/u.test(line.text);
}

/** Rows whose quantity × price gives the amount are surely read. */
function rateRows(rows: readonly Row[]): Found<LineItem[]> {
  const rated = rows.map(({ item: { quantity, unitPrice, amount }, confidence }) => {
    if (quantity === undefined || unitPrice === undefined) return 0.6 * confidence;
    return (Math.abs(quantity * unitPrice - amount) < 0.02 ? 1 : 0.5) * confidence;
  });
  const confidence = rated.reduce((sum, one) => sum + one, 0) / rated.length;
  return { value: rows.map(({ item }) => item), confidence };
}
