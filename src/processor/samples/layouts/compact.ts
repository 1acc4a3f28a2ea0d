import type { Printed } from "../invoice.ts";
import type { Sheet } from "../sheet.ts";
import { drawAddress, drawTable } from "./parts.ts";

/** A small print: facts in a sentence each, the sender only in the footer and the window. */
export function drawCompact(sheet: Sheet, printed: Printed) {
  const { vendor, words } = printed;
  sheet.text(50, 70, `${vendor.name}, ${vendor.street}, ${vendor.town}`, { size: 7 });
  drawAddress(sheet, { x: 50, y: 92, step: 12 }, printed.customer);
  const town = /\p{Lu}\p{Ll}+( \p{Lu}\p{Ll}+)*/u.exec(vendor.town)?.[0] ?? vendor.town;
  sheet.text(545, 170, `${town}, ${printed.invoiceDate.value}`, { align: "right" });
  sheet.text(50, 205, `${printed.invoiceNumber.label} ${printed.invoiceNumber.value}`, {
    size: 13,
    font: "Times-Bold",
  });
  sheet.text(50, 222, `${words.customerNumber}: ${printed.customerNumber}`);
  const end = drawTable(
    sheet,
    {
      y: 255,
      step: 15,
      bold: { font: "Times-Bold" },
      columns: [
        { key: "description", x: 50, align: "left" },
        { key: "quantity", x: 350, align: "right" },
        { key: "unitPrice", x: 450, align: "right" },
        { key: "amount", x: 545, align: "right" },
      ],
    },
    printed,
  );
  sheet.rule(50, 545, 259);
  for (const [index, { label, value }] of [printed.net, printed.tax, printed.total].entries()) {
    const font = index === 2 ? "Times-Bold" : "Times-Roman";
    sheet.text(50, end + 8 + index * 15, label, { font });
    sheet.text(545, end + 8 + index * 15, value, { font, align: "right" });
  }
  const { dueDate } = printed;
  sheet.text(50, end + 75, dueDate ? `${dueDate.label} ${dueDate.value}` : (printed.terms ?? ""));
  sheet.text(50, end + 90, words.thanks);
  const footer = [
    vendor.name,
    vendor.street,
    vendor.town,
    printed.bank,
    printed.iban && `IBAN ${printed.iban}`,
  ];
  sheet.text(297, 800, footer.filter(Boolean).join(" | "), { size: 7, align: "center" });
}
