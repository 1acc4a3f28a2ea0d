/**
 * Words of invoices and the keys of their data, the most common ones last: compressed results refer to them. It is a part
 * of the format with the number 1. Stored results cannot be read without it, so it never changes.
 */
export const DICTIONARY_1 = [
  "Kundennummer   Lieferdatum   Leistungszeitraum   Bestellnummer   Auftragsnummer   Steuernummer   USt-IdNr. DE   ",
  "Zahlungsbedingungen   Zahlungsziel   Bankverbindung   Sparkasse   Volksbank   Strasse Straße Platz Weg GmbH AG KG ",
  "Bezeichnung   Beschreibung   Menge   Einheit   Einzelpreis   Gesamtpreis   Betrag\\nZwischensumme   Nettobetrag   ",
  "Summe netto   MwSt. 19 %   zzgl. 19 % MwSt.   Mehrwertsteuer 7 %   Gesamtbetrag   Rechnungsbetrag   zu zahlen   ",
  "Rechnungsnummer   Rechnungsdatum   Rechnung Nr.   Datum   Zahlbar bis   Fällig am   Vielen Dank für Ihren Auftrag.\\n",
  "Wir danken für die gute Zusammenarbeit.\\nNuméro de facture   Date de facture   N° client   Échéance   Désignation   ",
  "Quantité   Prix unitaire   Montant   Montant HT   Total HT   TVA 20 %   Total TTC   Net à payer   À régler avant le   ",
  "Merci de votre confiance.\\nrue de la avenue SARL SA Paris Banque   Customer number   Order number   Purchase order   ",
  "Delivery date   Bill to   Ship to   Item   Description   Qty   Quantity   Unit price   Price   Line total   Amount\\n",
  "Subtotal   Discount   Shipping   VAT 20 %   VAT (20%)   Sales tax   Tax   Amount due   Balance due   Total   ",
  "Payment terms   Payment due   Due date   Invoice number   Invoice no.   Invoice date   Invoice   ",
  "Please pay within 30 days. Thank you for your business.\\nStreet Road Ltd Limited Inc. LLC London Bank account   ",
  "BIC   IBAN   EUR € CHF GBP £ USD $ ,00 € 0,00 .00 January February March April May June July August September ",
  "October November December Januar Februar März Mai Juni Juli Oktober Dezember ",
  '"documentType":"invoice","language":"en","customer":{"name":"supplier":{"name":"address":"city":"zip":"country":"DE",',
  '"email":"phone":"vatId":"DE"taxRate":19,"taxAmount":"subtotal":"unit":"pcs","sku":"position":"poNumber":',
  '"paymentTerms":"bic":"notes":"discount":0,"confidence":0.98,"currency":"USD","currency":"GBP","currency":"CHF",',
  '"currency":"EUR","net":100,"tax":19,"total":"iban":"DE","totalsAgree":false,"totalsAgree":true,"text":"","confidences":',
  '{"invoiceNumber":0.95,"invoiceDate":0.95,"dueDate":0.95,"vendor":0.84,"currency":1,"net":0.99,"tax":0.99,"total":0.99,',
  '"iban":0.99,"lineItems":1}}","iban":"FR76","iban":"GB","lineItems":[{"description":"","quantity":1,"unitPrice":,"amount":},',
  '{"description":"","quantity":2,"unitPrice":10,"amount":20}],{"invoiceNumber":"INV-2026-00","invoiceDate":"2025-",',
  '"dueDate":"2026-","vendor":" GmbH","currency":"EUR","net":',
].join("");
