import { expect, test } from "vitest";
import { BASE, call, data, newGroup } from "../support/workers/api.ts";

const valid = { name: "Test", template: "t-1" };
const json = { "content-type": "application/json" };
const bytes = (...parts: (string | number[])[]) =>
  new Blob(parts.map((part) => (typeof part === "string" ? part : new Uint8Array(part))));

test("names the faults of query, headers and body in one answer", async () => {
  const { status, body } = await call("POST", `${BASE}?verbose=1`, {
    headers: { "idempotency-key": "a b" },
    body: { name: "", colour: "red" },
  });
  expect({ status, code: body.code }).toEqual({ status: 400, code: "VALIDATION_FAILED" });
  const named = body.errors.map(
    ({ parameter, pointer }: Record<string, string>) => parameter ?? pointer,
  );
  expect(named).toEqual(["verbose", "Idempotency-Key", "/name", "/template", "/colour"]);
  const list = await call("GET", `${BASE}?limit=0&filter={"a":1,"$b":2}`);
  expect(list.body.errors.map(({ parameter }: { parameter: string }) => parameter)).toEqual([
    "limit",
    "filter",
    "filter",
  ]);
  const put = await call("PUT", `${BASE}/${"0".repeat(24)}?verbose=1`, { raw: "{", headers: json });
  expect(put.body.errors).toEqual([
    { parameter: "verbose", detail: "is not known here; nothing is allowed." },
    { pointer: "", detail: "must be valid JSON." },
  ]);
});

test("names a thousand faults at most, so that no answer outgrows its request by much", async () => {
  const unknown = Array.from({ length: 4_000 }, (_, n) => [`k${n}`, 0]);
  const { body } = await call("POST", BASE, { body: { ...valid, ...Object.fromEntries(unknown) } });
  expect(body.errors).toHaveLength(1_000);
});

test.each<[string, Blob]>([
  ["a byte of Latin-1", bytes('{"name":"caf', [0xe9], '","template":"t"}')],
  ["half a character", bytes('{"name":"', [0xf0, 0x9f, 0x98], '","template":"t"}')],
  ["an overlong slash", bytes('{"name":"', [0xc0, 0xaf], '","template":"t"}')],
  ["a surrogate in bytes", bytes('{"name":"', [0xed, 0xa0, 0x80], '","template":"t"}')],
  ["UTF-16", bytes([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
  ["gzip", bytes([0x1f, 0x8b, 0x08, 0x00, 0xff])],
])("refuses a body with %s rather than change it", async (_what, raw) => {
  const before = (await data("GET", BASE)).length;
  const { status, body } = await call("POST", BASE, { raw, headers: json });
  expect({ status, code: body.code }).toEqual({ status: 400, code: "MALFORMED_JSON" });
  expect((await data("GET", BASE)).length).toBe(before);
});

test.each(["gzip", "GZIP, br"])(
  "says of a body encoded as %s that none may be",
  async (encoding) => {
    const raw = bytes([0x1f, 0x8b, 0x08, 0x00]);
    const { status, headers, body } = await call("POST", BASE, {
      raw,
      headers: { ...json, "content-encoding": encoding },
    });
    expect({ status, code: body.code }).toEqual({ status: 415, code: "UNSUPPORTED_MEDIA_TYPE" });
    expect(headers.get("accept-encoding")).toBe("identity");
    expect(body.detail).toContain("Content-Encoding");
    const plain = await call("POST", BASE, {
      body: valid,
      headers: { ...json, "content-encoding": "Identity" },
    });
    expect(plain.status).toBe(201);
  },
);

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

test("refuses a body of more than 32 levels, wherever they are, and counts no bracket in a text", async () => {
  const sent = (fields: string) =>
    call("POST", BASE, { raw: `{"name":"a","template":"t",${fields}}`, headers: json });
  for (const fields of [
    `"status":${deep(32)}`,
    `"x":${deep(60_000 / 2)}`,
    `"name":${deep(5_000)}`,
  ]) {
    const { status, body } = await sent(fields);
    expect({ status, errors: body.errors }).toEqual({
      status: 400,
      errors: [{ pointer: "", detail: "must be at most 32 levels deep." }],
    });
  }
  expect((await sent(`"status":${deep(31)}`)).status).toBe(201);
  const description = '[{"'.repeat(100) + "\\";
  const { body } = await sent(`"description":${JSON.stringify(description)}`);
  expect(body.data.description).toBe(description);
});

test.each([
  ["=1", ""],
  ["limit=5&=", ""],
  ["search=%FF", "search"],
  ["search=%ED%A0%80", "search"],
  ["%C3=1", "%C3"],
])("refuses the query ?%s by name", async (query, parameter) => {
  const { status, body } = await call("GET", `${BASE}?${query}`);
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([{ parameter }]);
});

const TEXTS = [
  "Ünïcödé 日本語 עברית",
  "👩‍👩‍👧‍👦 e\u0301 \u200f\u202e",
  "\uFEFF\u0001\u001f\u007f\u2028",
  `'"\\; DROP TABLE job_group; -- %_`,
  " padded\t\r\n ",
  "😀".repeat(200),
];

test.each(TEXTS)("gives back %j as it was sent", async (text) => {
  const name = Array.from(text).slice(0, 200).join("");
  const metadata = { [name]: [name, { "": name }], 1e21: -0.5, toString: null };
  const tags = [Array.from(name).slice(0, 100).join("")];
  const id = await newGroup(0, { name, description: text, metadata, tags });
  expect(await data("GET", `${BASE}/${id}`)).toMatchObject({
    name,
    description: text,
    metadata,
    tags,
  });
});

test("of a key that is there twice the last counts", async () => {
  const raw = '{"name":"first","template":"t","name":"last","metadata":{"a":1,"a":2}}';
  const { body } = await call("POST", BASE, { raw, headers: json });
  expect(body.data).toMatchObject({ name: "last", metadata: { a: 2 } });
});

test("lengths are counted in code points", async () => {
  const emoji = (count: number) => ({ ...valid, name: "😀".repeat(count) });
  expect((await call("POST", BASE, { body: emoji(200) })).status).toBe(201);
  expect((await call("POST", BASE, { body: emoji(201) })).status).toBe(400);
});
