import type { Printed } from "../invoice.ts";
import type { Sheet } from "../sheet.ts";
import { drawAddress, drawPairs, drawTable } from "./parts.ts";

/** An old-fashioned page: centred head in Times, a ruled grid. */
export function drawClassic(sheet: Sheet, printed: Printed) {
  const { vendor, words } = printed;
  sheet.text(297, 62, vendor.name, { size: 21, font: "Times-Bold", align: "center" });
  sheet.text(297, 80, `${vendor.street}, ${vendor.town}`, { size: 10, align: "center" });
  sheet.rule(150, 445, 92);
  sheet.text(297, 128, printed.title, { size: 18, font: "Times-Bold", align: "center" });
  drawPairs(sheet, { x: 60, valueX: 175, y: 165, step: 16 }, [
    suffixed(printed.invoiceNumber),
    suffixed(printed.invoiceDate),
    printed.dueDate && suffixed(printed.dueDate),
  ]);
  sheet.text(350, 165, `${printed.billTo}:`, { font: "Times-Bold" });
  drawAddress(sheet, { x: 350, y: 181 }, printed.customer);
  const top = 252;
  const end = drawTable(
    sheet,
    {
      y: top + 16,
      step: 24,
      bold: { font: "Times-Bold" },
      columns: [
        { key: "quantity", x: 100, align: "right" },
        { key: "description", x: 118, align: "left" },
        { key: "unitPrice", x: 435, align: "right" },
        { key: "amount", x: 530, align: "right" },
      ],
    },
    printed,
  );
  const bottom = end - 16;
  for (let y = top; y <= bottom; y += 24) sheet.rule(60, 540, y);
  for (const [x1, x2] of [
    [60, 110],
    [110, 350],
    [350, 445],
    [445, 540],
  ] as const)
    sheet.frame(x1, top, x2 - x1, bottom - top);
  drawPairs(sheet, { x: 350, valueX: 530, y: bottom + 24, step: 18, align: "right" }, [
    printed.net,
    printed.tax,
    printed.total,
  ]);
  sheet.text(60, 700, printed.terms ?? words.thanks);
  if (printed.iban) sheet.text(60, 718, `IBAN: ${printed.iban} (${printed.bank})`);
}

function suffixed<T extends { label: string; value: string }>(pair: T): T {
  return { ...pair, label: `${pair.label}:` };
}
