import { describe, expect, test } from "vitest";
import { extractInvoice } from "../../../src/processor/reader/extract/extract-invoice.ts";
import { pageOf } from "./page.ts";

const extract = (text: string) => extractInvoice([pageOf(text)]).extractedData;

describe("an invoice", () => {
  test("in German, labels beside values", () => {
    const invoice = extract(`
Holzbau Meier GmbH · Talweg 3 · 79100 Freiburg

Petra Kunz                                   Rechnungs-Nr.:     R-2024/17
Ringstr. 5                                   Rechnungsdatum:    12.03.2024
80331 München                                Fällig am:         11.04.2024

Bezeichnung              Menge      Einzelpreis       Gesamt
Dachlatten                  10            12,50       125,00
Montage                    2,5           400,00     1.000,00
                                Nettobetrag         1.125,00 €
                                zzgl. 19 % MwSt.      213,75 €
                                Rechnungsbetrag     1.338,75 €

IBAN DE89 3704 0044 0532 0130 00`);
    expect(invoice).toMatchObject({
      invoiceNumber: "R-2024/17",
      invoiceDate: "2024-03-12",
      dueDate: "2024-04-11",
      vendor: "Holzbau Meier GmbH",
      currency: "EUR",
      net: 1125,
      tax: 213.75,
      total: 1338.75,
      totalsAgree: true,
      iban: "DE89370400440532013000",
      lineItems: [
        { description: "Dachlatten", quantity: 10, unitPrice: 12.5, amount: 125 },
        { description: "Montage", quantity: 2.5, unitPrice: 400, amount: 1000 },
      ],
    });
  });

  test("in English, labels above values, the due date by terms", () => {
    const invoice = extract(`
Acme Tools Inc.
1 Main St
Austin, TX 78701

Invoice number      Date            Customer ID
A-1044              03/04/2024      99812

Bill to
Blue Kettle LLC
9 Oak Rd
Boston, MA 02108

Subtotal                          $1,200.00
Sales tax (5%)                       $60.00
Total due                         $1,260.00

Terms: Net 30`);
    expect(invoice).toMatchObject({
      invoiceNumber: "A-1044",
      invoiceDate: "2024-03-04",
      dueDate: "2024-04-03",
      vendor: "Acme Tools Inc.",
      currency: "USD",
      net: 1200,
      tax: 60,
      total: 1260,
    });
    expect(invoice).not.toHaveProperty("iban");
    expect(invoice).not.toHaveProperty("lineItems");
  });

  test("in French, thousands parted by spaces", () => {
    const invoice = extract(`
Papeterie Roux SARL
8 rue Haute
69001 Lyon

Facture n° F-208
Date de facture : 5 février 2024
Date d'échéance : 06/03/2024

Total HT                    12 000,00 €
TVA 20 %                     2 400,00 €
Net à payer                 14 400,00 €`);
    expect(invoice).toMatchObject({
      invoiceNumber: "F-208",
      invoiceDate: "2024-02-05",
      dueDate: "2024-03-06",
      net: 12_000,
      tax: 2400,
      total: 14_400,
      totalsAgree: true,
    });
  });
});

test("sums that do not add up are answered as they stand, and the answer says so", () => {
  const invoice = extract(`
Subtotal        $100.00
VAT 20%          $20.00
Total           $130.00`);
  expect(invoice).toMatchObject({ net: 100, tax: 20, total: 130, totalsAgree: false });
});

test("two rates of tax are added", () => {
  const invoice = extract(`
Nettobetrag       300,00 €
MwSt. 7 %           7,00 €
MwSt. 19 %         38,00 €
Gesamtbetrag      345,00 €`);
  expect(invoice).toMatchObject({ net: 300, tax: 45, total: 345, totalsAgree: true });
});

test("a customer's, an order's and a tax number are not taken for the invoice's", () => {
  const invoice = extract(`
Kundennummer:       4711
Bestellnummer:      B-99
USt-IdNr.:          DE123456789
Rechnungsnummer:    R-5`);
  expect(invoice.invoiceNumber).toBe("R-5");
});

test("a delivery's date is not taken for the invoice's", () => {
  const invoice = extract(`
Lieferdatum:       01.02.2024
Rechnungsdatum:    05.02.2024`);
  expect(invoice.invoiceDate).toBe("2024-02-05");
});

test("a description goes on in the next line", () => {
  const invoice = extract(`
Description              Qty    Unit price      Amount
Standing desk              2        100.00      200.00
oak, 160 cm
Lamp                       1         30.00       30.00
Subtotal                                        230.00`);
  expect(invoice.lineItems).toEqual([
    { description: "Standing desk oak, 160 cm", quantity: 2, unitPrice: 100, amount: 200 },
    { description: "Lamp", quantity: 1, unitPrice: 30, amount: 30 },
  ]);
});

test("what stands nowhere is left out, and the confidence of the whole shows it", () => {
  const { confidence, extractedData } = extractInvoice([
    pageOf("Dear Sir or Madam, we are closed in August."),
  ]);
  expect(Object.keys(extractedData)).toEqual(["text", "confidences"]);
  expect(confidence).toBe(0);
});

test("the text has a line each and a form feed between pages", () => {
  const { extractedData } = extractInvoice([pageOf("first page"), pageOf("second page\nits end")]);
  expect(extractedData.text).toBe("first page\n\f\nsecond page\nits end");
});
