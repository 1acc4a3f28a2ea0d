import type { Box, Line, Word } from "../layout/word.ts";
import { boxAround } from "../layout/word.ts";
import { closeTo, fold } from "./fold.ts";

/** The meaning of a label. `other` labels keep their values from being taken for something else. */
export type LabelKind =
  | "invoiceNumber"
  | "invoiceDate"
  | "dueDate"
  | "net"
  | "tax"
  | "total"
  | "recipient"
  | "other";

export interface Label extends Box {
  kind: LabelKind;
  /** 1 for a wording that means nothing else, less for one that may. */
  strength: number;
  line: Line;
  /** Index of the cell in its line, and of the first word behind the label in that cell. */
  cell: number;
  next: number;
}

const MOST_WORDS = 5;

/** Wordings in German, English and French, folded: "Rechnungs-Nr." is `rechnungsnr`. */
const WORDINGS: Record<LabelKind, { sure: string; vague: string }> = {
  invoiceNumber: {
    sure: `rechnungsnummer rechnungsnr rechnungnr rechnungnummer rechnungno rechnungsno rechnr renr fakturanummer fakturanr
      invoicenumber invoiceno invoicenr invoice# invoicenum invoiceid invno inv# taxinvoiceno
      facturen factureno facturenumero numerodefacture numerofacture ndefacture nfacture nodefacture nofacture
      facture# referencefacture rechnungsid`,
    vague: `belegnummer belegnr dokumentnummer dokumentnr documentno documentnumber billno billnumber rechnung invoice
      facture numero number nummer nr no n # refnumber numerodudocument ndepiece statementno`,
  },
  invoiceDate: {
    sure: `rechnungsdatum rechnungvom datumderrechnung ausstellungsdatum ausgestelltam fakturadatum invoicedate dateofinvoice dateofissue
      issuedate issuedon dateissued invoicedated billdate datedefacture datedelafacture datefacture datefacturation
      datedefacturation datedemission dateemission emisele factureele facturedu`,
    vague: `datum belegdatum date dated vom le fait den`,
  },
  dueDate: {
    sure: `falligam fallig falligkeit falligkeitsdatum falligbis zahlbarbis zahlbarbiszum zahlbaram zahlungbis zahlungsziel
      zahlungstermin zubezahlenbis zahlenbis duedate due dueon dueby datedue paymentdue paymentduedate paymentdueby payby
      payableby paybefore pleasepayby echeance dateecheance datedecheance dateecheancele echeancele aregleravantle areglerle
      apayeravantle payableavantle datelimitedepaiement datedereglement`,
    vague: "",
  },
  net: {
    sure: `netto nettobetrag nettosumme summenetto gesamtnetto nettogesamt zwischensumme zwischentotal warenwert subtotal
      netamount netamt nettotal totalnet amountexclvat totalexclvat totalexvat totalexcludingvat totalexcltax totalbeforetax
      exclvat totalht montantht soustotal totalhorstaxes totalnetht montanttotalht sommeht baseht gesamtbetragnetto totalnetto`,
    vague: "net ht summe",
  },
  tax: {
    sure: `mwst mwstbetrag zzglmwst mehrwertsteuer umsatzsteuer ust ustbetrag zzglust steuer steuerbetrag zzglumsatzsteuer
      zzglmehrwertsteuer inklmwst enthaltenemwst vat vatamount plusvat totalvat salestax tax taxamount totaltax gst hst
      tva montanttva totaltva taxes dontva montantdelatva`,
    vague: "",
  },
  total: {
    sure: `gesamtbetrag rechnungsbetrag gesamtsumme bruttobetrag bruttosumme gesamtbrutto brutto endbetrag endsumme zuzahlen
      zuzahlenderbetrag zahlbetrag zahlungsbetrag totalbetrag rechnungssumme rechnungstotal gesamtpreis totalamount totaldue
      amountdue grandtotal balancedue totalamountdue amountpayable totalpayable totalinclvat totalincvat totalincludingvat
      invoicetotal totalttc montantttc netapayer montanttotal montanttotalttc totalapayer apayer totalgeneral montantdu
      montantapayer sommeapayer totalinkl totalinklmwst gesamtbetraginklmwst totaltobepaid pleasepay`,
    vague: "total gesamt totalchf totaleur totalusd totalgbp ttc amount betrag montant summe",
  },
  recipient: {
    sure: `rechnungan rechnungsempfanger rechnungsadresse billto billedto invoiceto soldto invoicedto facturea
      adressedefacturation destinataire clientele lieferanschrift shipto deliverto livrea adressedelivraison lieferadresse`,
    vague: "kunde client customer an to a empfanger attn zhd",
  },
  other: {
    sure: `kundennummer kundennr kdnr customerid customernumber customerno clientid nclient noclient numeroclient nodeclient
      numerodeclient ndeclient codeclient refclient bestellnummer bestellnr bestellungnr auftragsnummer auftragsnr auftragnr
      ordernumber orderno order# ponumber pono purchaseorder commande ncommande ndecommande numerodecommande bondecommande
      lieferscheinnummer lieferscheinnr lieferdatum leistungsdatum leistungszeitraum lieferungvom deliverydate dateofdelivery
      servicedate supplydate taxpoint datedelivraison datedecommande orderdate bestelldatum bestelltam auftragsdatum
      bestellungvom ustidnr ustid umsatzsteueridnr umsatzsteueridentifikationsnummer steuernummer steuernr stnr mwstnr vatno
      vatnumber vatregno vatid vatreg taxid taxnumber ein tvaintracom tvaintracommunautaire ntva notva numerotva numerodetva
      siret siren telefon telefax tel telephone phone fax iban bic kontonummer kontonr blz accountnumber accountno sortcode
      handelsregister hrb hra companyno registrationno companynumber rcs kundenkonto projekt projektnr yourreference
      unserzeichen ihrzeichen referenz reference`,
    vague: "",
  },
};

const DICTIONARY = Object.entries(WORDINGS).flatMap(([kind, { sure, vague }]) => [
  ...splitWords(sure).map((wording) => ({ kind: kind as LabelKind, wording, strength: 1 })),
  ...splitWords(vague).map((wording) => ({ kind: kind as LabelKind, wording, strength: 0.5 })),
]);
const EXACT = new Map(DICTIONARY.map((entry) => [entry.wording, entry]));

/** All labels of the lines. At each place the longest wording counts. */
export function findLabels(lines: readonly Line[]): Label[] {
  return lines.flatMap((line) =>
    line.cells.flatMap(({ words }, cell) => {
      const found: Label[] = [];
      let start = 0;
      while (start < words.length) {
        const match = matchAt(words, start);
        if (match) {
          const { kind, strength, count } = match;
          const next = start + count;
          found.push({ ...boxAround(words.slice(start, next)), kind, strength, line, cell, next });
        }
        start += match?.count ?? 1;
      }
      return found;
    }),
  );
}

function matchAt(words: readonly Word[], start: number) {
  for (let count = Math.min(MOST_WORDS, words.length - start); count > 0; count -= 1) {
    const part = words.slice(start, start + count);
    if (part.slice(0, -1).some(({ text }) => text.endsWith(":"))) continue;
    const folded = fold(part.map(({ text }) => text).join(""));
    const last = fold(part.at(-1)?.text ?? "");
    if (last === "" && count > 1) continue;
    const entry = EXACT.get(folded) ?? (/[a-z]/.test(last) ? findClose(folded) : undefined);
    if (entry) return { ...entry, count };
  }
  return undefined;
}

function findClose(folded: string) {
  return DICTIONARY.find(({ wording }) => closeTo(folded, wording));
}

function splitWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
