import type { Printed } from "../invoice.ts";
import type { Sheet } from "../sheet.ts";
import { drawAddress, drawTable } from "./parts.ts";

/** Everything in boxes: the facts as a small table, the sums on a shade. */
export function drawBoxed(sheet: Sheet, printed: Printed) {
  const { vendor, words } = printed;
  sheet.text(45, 60, printed.title, { size: 22, font: "Helvetica-Bold" });
  drawAddress(sheet, { x: 380, y: 52 }, vendor);
  drawFacts(sheet, printed);
  sheet.frame(45, 190, 250, 72);
  sheet.text(53, 205, printed.billTo, { size: 8, gray: 80 });
  drawAddress(sheet, { x: 53, y: 221 }, printed.customer);
  sheet.box(45, 285, 505, 22, 215);
  const end = drawTable(
    sheet,
    {
      y: 300,
      step: 22,
      bold: { font: "Helvetica-Bold" },
      columns: [
        { key: "description", x: 53, align: "left" },
        { key: "unitPrice", x: 365, align: "right" },
        { key: "quantity", x: 445, align: "right" },
        { key: "amount", x: 542, align: "right" },
      ],
    },
    printed,
  );
  sheet.frame(45, 285, 505, end - 300);
  sheet.box(330, end, 220, 66, 235);
  const sums = [printed.net, printed.tax, printed.total];
  for (const [index, { label, value }] of sums.entries()) {
    const font = index === 2 ? "Helvetica-Bold" : "Helvetica";
    sheet.text(338, end + 18 + index * 19, label, { font });
    sheet.text(542, end + 18 + index * 19, value, { font, align: "right" });
  }
  sheet.text(45, end + 110, printed.terms ?? words.thanks);
  if (!printed.iban) return;
  sheet.text(45, end + 135, words.bank, { font: "Helvetica-Bold" });
  sheet.text(45, end + 150, printed.bank ?? "");
  sheet.text(45, end + 164, printed.iban);
}

function drawFacts(
  sheet: Sheet,
  { invoiceNumber, invoiceDate, dueDate, words, customerNumber }: Printed,
) {
  const facts = [
    invoiceDate,
    invoiceNumber,
    { label: words.customerNumber, value: customerNumber },
    ...(dueDate ? [dueDate] : []),
  ];
  for (const [index, { label, value }] of facts.entries()) {
    const x = 45 + index * 127;
    sheet.frame(x, 120, 124, 20);
    sheet.frame(x, 140, 124, 22);
    sheet.text(x + 62, 134, label, { size: 8, align: "center" });
    sheet.text(x + 62, 155, value, { align: "center" });
  }
}
