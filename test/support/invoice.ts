const ITEMS = [
  "Elektroinstallation Büro",
  "Pain de campagne, livraison",
  "Toner cartridge XL",
  "Fahrtkosten Juli",
  "Conseil (heures)",
  "Steel shelf 180 cm",
  "Wartungsvertrag",
];

/** Extracted data as the reference reader gives it, of about so many bytes: each line stands in `lineItems` and in `text`. */
export function invoiceOf(bytes: number, number = 1) {
  const invoice = {
    invoiceNumber: `2026-${40_000 + number}`,
    invoiceDate: "2026-08-24",
    dueDate: "2026-09-23",
    vendor: `Zimmermann & Söhne ${number} GmbH`,
    currency: "EUR",
    net: 0,
    tax: 0,
    total: 0,
    iban: `DE${String(71_943_532_006 * (number + 7)).padStart(20, "3")}`,
    lineItems: [] as object[],
    totalsAgree: true,
    text: `Zimmermann & Söhne ${number} GmbH\nSeeweg ${number} 88662 Überlingen\nRechnungsnummer   2026-${40_000 + number}\nZahlbar bis   23.09.2026\nBeschreibung   Menge   Einzelpreis   Betrag`,
    confidences: {
      invoiceNumber: 0.95,
      invoiceDate: 0.95,
      vendor: 0.84,
      total: 0.99,
      lineItems: 1,
    },
  };
  for (let line = 0; JSON.stringify(invoice).length < bytes - 120; line++) {
    const description = `${ITEMS[(number + line) % ITEMS.length]} ${1_000 + ((number * 7_919 + line * 104_729) % 9_000)}`;
    const quantity = 1 + ((number * 31 + line * 17) % 40);
    const cents = 100 + ((number * 48_271 + line * 69_621) % 90_000);
    const [unitPrice, amount] = [cents / 100, (cents * quantity) / 100];
    invoice.lineItems.push({ description, quantity, unitPrice, amount });
    invoice.text += `\n${description}   ${quantity}   ${unitPrice.toFixed(2)}   ${amount.toFixed(2)}`;
    invoice.net += amount;
  }
  return invoice;
}
