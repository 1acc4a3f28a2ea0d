/** The words, formats and companies of one region. Every list is a set of wordings to choose from. */
export interface Region {
  language: "de" | "en" | "fr";
  currency: string;
  /** The currency as it is written beside an amount. */
  symbols: { text: string; before: boolean }[];
  decimal: string;
  thousands: string;
  taxRates: number[];
  dateFormats: DateFormat[];
  iban?: { country: string; length: number; bank: string };
  vendors: Company[];
  customers: Company[];
  items: string[];
  numbers: string[];
  words: Words;
}

export type DateFormat =
  | "d.m.Y"
  | "d/m/Y"
  | "m/d/Y"
  | "Y-m-d"
  | "d month Y"
  | "month d, Y"
  | "d. month Y";

export interface Company {
  name: string;
  street: string;
  town: string;
}

export interface Words {
  title: string[];
  invoiceNumber: string[];
  invoiceDate: string[];
  dueDate: string[];
  terms: string[];
  customerNumber: string;
  billTo: string[];
  description: string;
  quantity: string;
  unitPrice: string;
  amount: string;
  net: string[];
  tax: string[];
  total: string[];
  bank: string;
  greeting: string;
  thanks: string;
  months: string[];
}

const GERMAN: Words = {
  title: ["Rechnung", "RECHNUNG"],
  invoiceNumber: ["Rechnungsnummer", "Rechnungs-Nr.", "Rechnung Nr.", "Belegnummer"],
  invoiceDate: ["Rechnungsdatum", "Datum", "Ausstellungsdatum"],
  dueDate: ["Fällig am", "Zahlbar bis", "Fälligkeitsdatum"],
  terms: ["Zahlbar innerhalb von {days} Tagen ohne Abzug.", "Zahlungsziel: {days} Tage netto"],
  customerNumber: "Kundennummer",
  billTo: ["Rechnung an", "Kunde"],
  description: "Beschreibung",
  quantity: "Menge",
  unitPrice: "Einzelpreis",
  amount: "Betrag",
  net: ["Nettobetrag", "Zwischensumme", "Summe netto"],
  tax: ["MwSt. {rate} %", "zzgl. {rate}% USt.", "Umsatzsteuer {rate} %"],
  total: ["Gesamtbetrag", "Rechnungsbetrag", "Zu zahlen", "Gesamtsumme"],
  bank: "Bankverbindung",
  greeting: "Wir danken für Ihren Auftrag und berechnen wie vereinbart:",
  thanks: "Vielen Dank für die gute Zusammenarbeit.",
  months:
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" "),
};

const ENGLISH: Words = {
  title: ["Invoice", "INVOICE"],
  invoiceNumber: ["Invoice number", "Invoice No.", "Invoice #"],
  invoiceDate: ["Invoice date", "Date", "Date of issue"],
  dueDate: ["Due date", "Payment due", "Pay by"],
  terms: [
    "Payment terms: {days} days",
    "Please pay within {days} days of the invoice date.",
    "Terms: Net {days}",
  ],
  customerNumber: "Customer ID",
  billTo: ["Bill to", "Invoice to", "Billed to"],
  description: "Description",
  quantity: "Qty",
  unitPrice: "Unit price",
  amount: "Amount",
  net: ["Subtotal", "Net amount", "Total excl. VAT"],
  tax: ["VAT ({rate}%)", "VAT @ {rate}%"],
  total: ["Total", "Total due", "Amount due", "Grand total"],
  bank: "Bank details",
  greeting: "Thank you for your order. We charge as agreed:",
  thanks: "Thank you for your business!",
  months:
    "January February March April May June July August September October November December".split(
      " ",
    ),
};

const FRENCH: Words = {
  title: ["Facture", "FACTURE"],
  invoiceNumber: ["Facture n°", "Numéro de facture", "N° de facture", "N° facture"],
  invoiceDate: ["Date de facture", "Date", "Date d'émission"],
  dueDate: ["Échéance", "Date d'échéance", "À régler avant le"],
  terms: ["Paiement à {days} jours", "Conditions : {days} jours net"],
  customerNumber: "N° client",
  billTo: ["Facturé à", "Client"],
  description: "Désignation",
  quantity: "Quantité",
  unitPrice: "Prix unitaire",
  amount: "Montant",
  net: ["Total HT", "Montant HT", "Sous-total"],
  tax: ["TVA {rate} %", "TVA ({rate}%)"],
  total: ["Total TTC", "Net à payer", "Montant TTC"],
  bank: "Coordonnées bancaires",
  greeting: "Nous vous remercions de votre commande :",
  thanks: "Merci de votre confiance.",
  months:
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(
      " ",
    ),
};

const company = (name: string, street: string, town: string): Company => ({ name, street, town });

export const REGIONS = {
  "de-DE": {
    language: "de",
    currency: "EUR",
    symbols: [
      { text: "€", before: false },
      { text: "EUR", before: false },
    ],
    decimal: ",",
    thousands: ".",
    taxRates: [19, 7],
    dateFormats: ["d.m.Y", "d.m.Y", "d. month Y"],
    iban: { country: "DE", length: 18, bank: "Sparkasse Mittelland" },
    vendors: [
      company("Nordwind Energietechnik GmbH", "Hafenstraße 12", "20457 Hamburg"),
      company("Schreinerei Kühn & Söhne KG", "Am Sägewerk 3", "79312 Emmendingen"),
      company("Lindenhof Catering", "Marktplatz 8", "90403 Nürnberg"),
      company("Papierwerk Albrecht AG", "Industrieweg 41", "01069 Dresden"),
    ],
    customers: [
      company("Gasthaus zur Post", "Dorfstraße 1", "83730 Fischbachau"),
      company("Bergmann Logistik GmbH", "Frachtallee 27", "44147 Dortmund"),
      company("Praxis Dr. Weiß", "Rosenweg 5", "50667 Köln"),
    ],
    items: [
      "Wartung der Heizungsanlage",
      "Kopierpapier A4, 80 g",
      "Montage Regalsystem Eiche",
      "Anfahrtspauschale",
      "Beratung vor Ort (Stunden)",
      "Buffet für Firmenfeier",
      "Ersatzteil Umwälzpumpe UP 25",
    ],
    numbers: ["RE-{year}-{n4}", "{year}/{n4}", "{n6}", "R{year}{n4}"],
    words: GERMAN,
  },
  "de-CH": {
    language: "de",
    currency: "CHF",
    symbols: [{ text: "CHF", before: true }],
    decimal: ".",
    thousands: "'",
    taxRates: [8.1],
    dateFormats: ["d.m.Y"],
    iban: { country: "CH", length: 17, bank: "Kantonalbank Aarau" },
    vendors: [
      company("Aareblick Malerei AG", "Bahnhofstrasse 44", "5000 Aarau"),
      company("Zimmermann Elektro GmbH", "Seeweg 9", "8800 Thalwil"),
    ],
    customers: [
      company("Verein Kulturhalle", "Gerberngasse 2", "3011 Bern"),
      company("Immobilien Rigi AG", "Dorfplatz 6", "6410 Goldau"),
    ],
    items: [
      "Malerarbeiten Treppenhaus",
      "Material und Kleinteile",
      "Elektroinstallation Büro",
      "Fahrtkosten",
    ],
    numbers: ["{n6}", "RG-{n4}-{year}"],
    words: { ...GERMAN, tax: ["MWST {rate}%", "MwSt. {rate} %"] },
  },
  "en-GB": {
    language: "en",
    currency: "GBP",
    symbols: [{ text: "£", before: true }],
    decimal: ".",
    thousands: ",",
    taxRates: [20],
    dateFormats: ["d month Y", "d/m/Y", "Y-m-d"],
    iban: { country: "GB", length: 18, bank: "Northgate Bank" },
    vendors: [
      company("Harbour & Finch Ltd", "14 Quay Street", "Bristol BS1 4DB"),
      company("Whitmore Garden Supplies", "Mill Lane 7", "York YO1 9QL"),
      company("Castlegate Consulting LLP", "220 Fleet Street", "London EC4A 2BB"),
    ],
    customers: [
      company("The Blue Kettle", "3 Station Road", "Leeds LS1 4DY"),
      company("Oakfield School", "Park Avenue 19", "Reading RG1 5AQ"),
    ],
    items: [
      "Strategy workshop",
      "Lavender plants, 2 litre pot",
      "Website hosting, annual",
      "Delivery",
      "Office chairs, black",
    ],
    numbers: ["INV-{n5}", "{n6}", "HF/{year}/{n4}"],
    words: ENGLISH,
  },
  "en-US": {
    language: "en",
    currency: "USD",
    symbols: [{ text: "$", before: true }],
    decimal: ".",
    thousands: ",",
    taxRates: [8.25, 6],
    dateFormats: ["m/d/Y", "month d, Y"],
    vendors: [
      company("Redwood Analytics Inc.", "500 Market St", "San Francisco, CA 94105"),
      company("Prairie Print Shop", "81 Elm Ave", "Omaha, NE 68102"),
    ],
    customers: [
      company("Sunrise Bakery LLC", "1200 Lake Dr", "Austin, TX 78701"),
      company("Maple Dental Group", "77 Hill Rd", "Denver, CO 80202"),
    ],
    items: [
      "Data pipeline support",
      "Business cards, 500 pcs",
      "Poster printing 24x36",
      "Rush fee",
      "Monthly subscription",
    ],
    numbers: ["INV-{n5}", "{year}-{n4}"],
    words: { ...ENGLISH, tax: ["Sales tax ({rate}%)", "Tax {rate}%"], net: ["Subtotal"] },
  },
  "fr-FR": {
    language: "fr",
    currency: "EUR",
    symbols: [
      { text: "€", before: false },
      { text: "EUR", before: false },
    ],
    decimal: ",",
    thousands: " ",
    taxRates: [20, 5.5],
    dateFormats: ["d/m/Y", "d month Y"],
    iban: { country: "FR", length: 23, bank: "Banque du Rhône" },
    vendors: [
      company("Ateliers Marchand SARL", "18 rue des Tanneurs", "69002 Lyon"),
      company("Boulangerie du Vieux Port", "5 quai de Rive Neuve", "13007 Marseille"),
      company("Imprimerie Lefèvre SAS", "42 avenue Foch", "59000 Lille"),
    ],
    customers: [
      company("Hôtel Bellevue", "9 place du Marché", "21000 Dijon"),
      company("Société Garonne Transports", "ZI du Canal, 12", "31200 Toulouse"),
    ],
    items: [
      "Impression de brochures",
      "Réparation de mobilier",
      "Pain de campagne, livraison",
      "Frais de déplacement",
      "Conseil en aménagement (heures)",
    ],
    numbers: ["F{year}-{n4}", "FA{n5}", "{year}{n4}"],
    words: FRENCH,
  },
  "fr-CH": {
    language: "fr",
    currency: "CHF",
    symbols: [{ text: "CHF", before: true }],
    decimal: ".",
    thousands: "'",
    taxRates: [8.1],
    dateFormats: ["d.m.Y", "d month Y"],
    iban: { country: "CH", length: 17, bank: "Banque Cantonale Romande" },
    vendors: [
      company("Menuiserie Rochat Sàrl", "Chemin du Lac 21", "1260 Nyon"),
      company("Garage des Alpes SA", "Route de Sion 70", "3960 Sierre"),
    ],
    customers: [
      company("Clinique du Parc", "Avenue de la Gare 4", "1003 Lausanne"),
      company("École Montjoie", "Rue Neuve 11", "1700 Fribourg"),
    ],
    items: [
      "Porte en chêne massif",
      "Main-d'oeuvre atelier",
      "Révision annuelle véhicule",
      "Pneus d'hiver",
    ],
    numbers: ["{year}-{n4}", "FC-{n5}"],
    words: FRENCH,
  },
} satisfies Record<string, Region>;
