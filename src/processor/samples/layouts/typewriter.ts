import type { Printed } from "../invoice.ts";
import type { Sheet } from "../sheet.ts";

const WIDTH = 74;

/** A line printer's page: one font of one width, dotted leaders, no lines. */
export function drawTypewriter(sheet: Sheet, printed: Printed) {
  const { vendor, customer, words } = printed;
  const lines = [
    vendor.name,
    vendor.street,
    vendor.town,
    "",
    "",
    printed.title.toUpperCase(),
    "",
    `${printed.invoiceNumber.label}: ${printed.invoiceNumber.value}`,
    `${printed.invoiceDate.label}: ${printed.invoiceDate.value}`,
    ...(printed.dueDate ? [`${printed.dueDate.label}: ${printed.dueDate.value}`] : []),
    "",
    `${printed.billTo}: ${customer.name}, ${customer.street}, ${customer.town}`,
    "",
    row(words.quantity, words.description, words.unitPrice, words.amount),
    "-".repeat(WIDTH),
    ...printed.rows.map((item) =>
      row(item.quantity, item.description, item.unitPrice, item.amount),
    ),
    "-".repeat(WIDTH),
    leader(printed.net.label, printed.net.value),
    leader(printed.tax.label, printed.tax.value),
    leader(printed.total.label.toUpperCase(), printed.total.value),
    "",
    "",
    printed.terms ?? words.thanks,
    ...(printed.iban ? [`${printed.bank}  IBAN ${printed.iban}`] : []),
  ];
  for (const [index, line] of lines.entries()) sheet.text(50, 70 + index * 17, line);
}

function row(quantity: string, description: string, unitPrice: string, amount: string): string {
  return [
    quantity.padEnd(9),
    description.slice(0, 36).padEnd(37),
    unitPrice.padStart(14),
    amount.padStart(14),
  ].join("");
}

function leader(label: string, value: string): string {
  return `${label} `.padEnd(WIDTH - value.length - 1, ".") + ` ${value}`;
}
