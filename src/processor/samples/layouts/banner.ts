import type { Printed } from "../invoice.ts";
import type { Sheet } from "../sheet.ts";
import { drawAddress, drawTable } from "./parts.ts";

/** A modern page: white on a dark banner, facts in a strip with labels above values. */
export function drawBanner(sheet: Sheet, printed: Printed) {
  const { vendor, words } = printed;
  sheet.box(0, 0, 595, 92, 45);
  sheet.text(45, 56, vendor.name, { size: 20, font: "Slab-Bold", gray: 255 });
  sheet.text(550, 56, printed.title, { size: 24, font: "Slab", gray: 235, align: "right" });
  drawStrip(sheet, printed);
  sheet.text(45, 205, printed.billTo, { font: "Slab-Bold" });
  drawAddress(sheet, { x: 45, y: 221 }, printed.customer);
  sheet.text(330, 205, vendor.street);
  sheet.text(330, 219, vendor.town);
  sheet.box(45, 290, 505, 24, 225);
  const end = drawTable(
    sheet,
    {
      y: 306,
      step: 24,
      bold: { font: "Slab-Bold" },
      columns: [
        { key: "description", x: 55, align: "left" },
        { key: "quantity", x: 330, align: "right" },
        { key: "unitPrice", x: 435, align: "right" },
        { key: "amount", x: 540, align: "right" },
      ],
    },
    printed,
  );
  for (const [index, { label, value }] of [printed.net, printed.tax].entries()) {
    sheet.text(435, end + 20 + index * 20, label, { align: "right" });
    sheet.text(540, end + 20 + index * 20, value, { align: "right" });
  }
  sheet.box(320, end + 50, 230, 30, 60);
  sheet.text(330, end + 70, printed.total.label, { size: 12, font: "Slab-Bold", gray: 255 });
  sheet.text(540, end + 70, printed.total.value, {
    size: 12,
    font: "Slab-Bold",
    gray: 255,
    align: "right",
  });
  sheet.text(45, 740, printed.terms ?? words.thanks);
  if (printed.iban) sheet.text(45, 758, `${printed.bank} · IBAN: ${printed.iban}`);
}

function drawStrip(
  sheet: Sheet,
  { invoiceNumber, invoiceDate, dueDate, words, customerNumber }: Printed,
) {
  const facts = [
    invoiceNumber,
    invoiceDate,
    dueDate ?? { label: words.customerNumber, value: customerNumber },
  ];
  for (const [index, { label, value }] of facts.entries()) {
    sheet.text(45 + index * 175, 130, label, { size: 9, gray: 90 });
    sheet.text(45 + index * 175, 148, value, { size: 11, font: "Slab-Bold" });
  }
  sheet.rule(45, 550, 165);
}
