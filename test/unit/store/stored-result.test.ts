import { expect, test } from "vitest";
import { sha256Hex } from "../../../src/lib/sha256.ts";
import { runBatch } from "../../../src/store/db.ts";
import { DICTIONARY_1 } from "../../../src/store/result-dictionary.ts";
import { readable, STORED_RESULT, storedForm } from "../../../src/store/stored-result.ts";
import { sql } from "drizzle-orm";
import { invoiceOf } from "../../support/invoice.ts";
import { NodeD1 } from "../../support/node-d1.ts";

/** The rows after results were stored as they are written: the type and the bytes of each, and its text as it is read. */
async function stored(...texts: readonly (string | null)[]) {
  const { db, sqlite } = new NodeD1();
  sqlite.exec("CREATE TABLE job (extracted_data text)");
  for (const text of texts) {
    const form = storedForm(text);
    await runBatch(db, [{ sql: `INSERT INTO job VALUES (${form.sql})`, params: form.params }]);
  }
  const [found] = await runBatch<Row>(db, [
    sql`SELECT typeof(extracted_data) AS type, octet_length(extracted_data) AS bytes, ${STORED_RESULT} AS stored FROM job`,
  ]);
  return (found?.results ?? []).map(({ stored, ...row }) => ({ ...row, text: readable(stored) }));
}

interface Row {
  readonly type: string;
  readonly bytes: number;
  readonly stored: string | null;
}

/** A text without a pattern that could be shortened. */
const noise = (characters: number): string =>
  JSON.stringify({
    noise: Array.from({ length: characters }, (_, index) =>
      String.fromCodePoint(0x4e00 + ((index * index * 7_919) % 20_000)),
    ).join(""),
  });

const TEXTS = [
  JSON.stringify(invoiceOf(1_400)),
  JSON.stringify(invoiceOf(60_000, 7)),
  JSON.stringify({ text: "€ ß 発票 🧾 \u0000 \ud800 \\ \" '", more: "x".repeat(250_000) }),
  noise(300),
  "{}",
  null,
];

test("a result is read byte for byte as it was reported, however it is stored", async () => {
  const rows = await stored(...TEXTS);
  expect(rows.map(({ text }) => text)).toEqual(TEXTS);
  expect(rows.map(({ type }) => type)).toEqual(["blob", "blob", "blob", "blob", "text", "null"]);
});

test("typical results take a third of their bytes", async () => {
  const [small, large] = await stored(
    ...[1_400, 3_400].map((bytes) => JSON.stringify(invoiceOf(bytes, 3))),
  );
  expect(small?.bytes).toBeLessThan(600);
  expect(large?.bytes).toBeLessThan(1_200);
});

test("a long result that a former version has stored as text is read as before", async () => {
  const { db, sqlite } = new NodeD1();
  const text = JSON.stringify(invoiceOf(3_400));
  sqlite.exec("CREATE TABLE job (extracted_data text)");
  sqlite.prepare("INSERT INTO job VALUES (?)").run(text);
  const [found] = await runBatch<Row>(db, [sql`SELECT ${STORED_RESULT} AS stored FROM job`]);
  expect(readable(found?.results[0]?.stored ?? null)).toBe(text);
});

test("the first format is read for ever", async () => {
  const digest = "b3f67034a909d447771dccf9b93fadb1fa3de82e7e87b69e574183104a919c55";
  expect(await sha256Hex(DICTIONARY_1)).toBe(digest);
  expect(readable(`01${FIRST_FORMAT}`.toUpperCase())).toBe(
    '{"invoiceNumber":"INV-2026-0017","currency":"EUR","total":119,"text":"Rechnung Nr. 17 vom 24. August, zahlbar bis Ende des Monats"}',
  );
});

const FIRST_FORMAT =
  "c36b9da139367dd04036042716488ca3d4e986e60a65f9b90a46267ad0b24107dc3e8055eeae7929a0eaa918542b2696142bd50200";

test("a result in a format that is not known is an error, not a wrong answer", () => {
  expect(() => readable("02AABB")).toThrow("unknown format 2");
});
