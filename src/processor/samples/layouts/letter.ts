import type { Printed } from "../invoice.ts";
import type { Sheet } from "../sheet.ts";
import { drawAddress, drawPairs, drawTable } from "./parts.ts";

/** A business letter: window address, block of references at the right, bank in the footer. */
export function drawLetter(sheet: Sheet, printed: Printed) {
  const { vendor, words } = printed;
  sheet.text(540, 60, vendor.name, { size: 17, align: "right", font: "Helvetica-Bold" });
  sheet.text(60, 128, `${vendor.name} · ${vendor.street} · ${vendor.town}`, { size: 7 });
  drawAddress(sheet, { x: 60, y: 150 }, printed.customer);
  drawPairs(sheet, { x: 350, valueX: 455, y: 150, step: 15 }, [
    printed.invoiceNumber,
    { label: words.customerNumber, value: printed.customerNumber },
    printed.invoiceDate,
    printed.dueDate,
  ]);
  sheet.text(60, 270, `${printed.title} ${printed.invoiceNumber.value}`, {
    size: 15,
    font: "Helvetica-Bold",
  });
  sheet.text(60, 295, words.greeting);
  sheet.rule(60, 540, 332);
  const end = drawTable(
    sheet,
    {
      y: 326,
      step: 20,
      bold: { font: "Helvetica-Bold" },
      columns: [
        { key: "description", x: 60, align: "left" },
        { key: "quantity", x: 345, align: "right" },
        { key: "unitPrice", x: 440, align: "right" },
        { key: "amount", x: 540, align: "right" },
      ],
    },
    printed,
  );
  sheet.rule(60, 540, end - 8);
  const below = drawPairs(sheet, { x: 360, valueX: 540, y: end + 12, step: 17, align: "right" }, [
    printed.net,
    printed.tax,
  ]);
  sheet.text(360, below + 3, printed.total.label, { font: "Helvetica-Bold" });
  sheet.text(540, below + 3, printed.total.value, { font: "Helvetica-Bold", align: "right" });
  sheet.text(60, below + 50, printed.terms ?? words.thanks);
  drawFooter(sheet, printed);
}

function drawFooter(sheet: Sheet, { vendor, iban, bank, words }: Printed) {
  sheet.rule(60, 540, 768);
  drawAddress(sheet, { x: 60, y: 782, step: 11, size: 8 }, vendor);
  if (!iban || !bank) return;
  sheet.text(320, 782, `${words.bank}: ${bank}`, { size: 8 });
  sheet.text(320, 793, `IBAN ${iban}`, { size: 8 });
}
