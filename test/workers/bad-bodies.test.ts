import { expect, test } from "vitest";
import { call, type Json } from "../support/workers/api.ts";
import {
  GROUP,
  JOB,
  CREATE,
  UPDATE,
  ADD,
  CLAIM,
  CLAIM_ANY,
  PAUSE,
  CANCEL,
  RETRY,
  WEBHOOK,
  COMPLETE,
  FAIL,
  RELEASE,
  CREATE_KEY,
  withBody,
  raw,
  spaced,
  long,
  many,
  nested,
  brief,
  bodyRow,
  refuses,
  type Operation,
  type Row,
} from "../support/workers/bad-input.ts";

/** The operations whose body may be left out. */
const bodyless = new Set([PAUSE, CANCEL, RETRY]);
const form = { "content-type": "application/x-www-form-urlencoded" };
const bodies = withBody.flatMap((operation) => [
  ...['{"name":', "{}{}", ...(bodyless.has(operation) ? [] : [""])].map((text) =>
    bodyRow(operation, `the body '${text}'`, raw(text), "MALFORMED_JSON"),
  ),
  bodyRow(
    operation,
    "a byte that is not UTF-8",
    raw(new Uint8Array([0x22, 0xe9, 0x22])),
    "MALFORMED_JSON",
  ),
  bodyRow(operation, "33 levels", raw(`{"a":${nested(32, "[", "]")}}`), "VALIDATION_FAILED"),
  bodyRow(operation, "no content type", { raw: new Blob(["{}"]) }, "UNSUPPORTED_MEDIA_TYPE"),
  bodyRow(operation, "a form", { raw: "a=b", headers: form }, "UNSUPPORTED_MEDIA_TYPE"),
]);

/** Each patch makes one fault in a body that would be accepted. */
const patched = (operation: Operation, patches: Json[]): Row[] =>
  patches.map((patch) => {
    const what = brief(JSON.stringify(patch, (_, value) => value ?? "<left out or null>"));
    return bodyRow(operation, what, { body: { ...operation[3], ...patch } }, "VALIDATION_FAILED");
  });

const recipients = [
  ...spaced("nobody  a@b@c.de  a b@c.de  a@c  a@c.de,b@c.de  <a@c.de>  A <a@c.de>"),
  "a@c.de\n",
  "a@c.de\r\nBcc: b@c.de",
  "a\0@c.de",
  `${long(64)}@${`${long(47)}.`.repeat(4)}de`,
].map((to) => [to]);
const injected = ["\r\n", "\n", "\r", "%0d%0a"]
  .map((line) => `a@b.de${line}Bcc: c@d.de`)
  .concat("a@b.de, c@d.de", "a@b.de;c@d.de", "<a@b.de>", "A <a@b.de>", '"a\n"@b.de', "a@b.de\0")
  .concat(`${"a".repeat(64)}@${"b.".repeat(93)}info`);
const unfitFreeForm = [
  { a: ["\uD800"] },
  { "\uDC00": 1 },
  { a: { constructor: 1 } },
  { a: JSON.parse(nested(20, "[", "]")) },
];
const unfitMetadata = [...unfitFreeForm, { a: long(16_384) }];
const rawGroups = [
  '"__proto__":1',
  '"metadata":{"__proto__":{"a":1}}',
  '"metadata":{"a":1e400}',
  '"metadata":{"a":[{"__proto__":1}]}',
  `"metadata":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
  `"metadata":{"a":${nested(5_000, "[", "]")}}`,
];
const unfitUrls = spaced(
  "javascript:alert(1)  JavaScript://%0Aalert(1)  data:text/html,a  file:///etc/passwd  b.pdf  //a.de/b  https://",
).concat("", "https://a.de/\0", "https://a.de/\uD800", `https://a.de/${long(2_048)}`);

const fields = [
  ...patched(CREATE, [
    ...injected.map((address) => ({ notifications: { recipients: ["a@b.de", address] } })),
    ...recipients.map((recipients) => ({ notifications: { recipients } })),
    ...unfitMetadata.map((metadata) => ({ metadata })),
  ]),
  ...[CREATE, UPDATE].flatMap((operation) =>
    rawGroups.map((text) => {
      const sent = raw(`{"name":"a","template":"t",${text}}`);
      return bodyRow(operation, brief(text), sent, "VALIDATION_FAILED");
    }),
  ),
  ...patched(ADD, [
    { jobs: many(2, { documentName: "a", jobNumber: "1" }) },
    ...[
      ...unfitUrls.map((documentUrl) => ({ documentUrl })),
      ...["https://a.de/b c.pdf", "s3://scans/a\tb", "https://a.de/b\n", "gs://a/\u0001"].map(
        (documentUrl) => ({ documentUrl }),
      ),
      ...unfitMetadata.map((metadata) => ({ metadata })),
    ].map((fault) => ({ jobs: [{ documentName: "a", ...fault }, { documentName: "b" }] })),
  ]),
  ...patched(RETRY, [
    { jobIds: [] },
    { jobIds: many(1_001, "a") },
    { status: [] },
    { status: ["cancelled"] },
    { status: "failed" },
    { errorCodes: [] },
    { errorCodes: many(21, "a") },
    { errorCodes: ["with space"] },
    { dryRun: "yes" },
    { all: true },
  ]),
  ...patched(CANCEL, [
    ...[[], many(1_001, "a"), "a", [1], [""], [long(201)]].map((jobIds) => ({ jobIds })),
    { all: true },
  ]),
  ...patched(PAUSE, [{ reason: "" }, { reason: long(501) }, { reason: 1 }, { until: "noon" }]),
  ...patched(CREATE, [
    ...[0, -1, 1.1, "0.5"].map((maxFailureRate) => ({ processingSettings: { maxFailureRate } })),
    ...[0, -1, 0.0000001, 4e9 + 1].map((maxCost) => ({ processingSettings: { maxCost } })),
  ]),
  ...patched(WEBHOOK, [
    ...[{ tags: [] }, { tags: many(21, "a") }, { template: "" }, { group: "a" }, []].map(
      (filter) => ({ filter }),
    ),
    ...unfitUrls.map((url) => ({ url })),
    ...spaced(`
      http://a.de  https://127.1  https://0x7f000001  https://2130706433  https://[::1]
      https://[::ffff:10.0.0.1]  https://localhost  https://a.local  https://intranet
      https://me@a.de  https://me:pw@a.de  https://a.de:8443  https://a.de:80  https://１２７.1
    `).map((url) => ({ url })),
  ]),
  ...patched(CLAIM_ANY, [
    { templates: [] },
    { templates: ["a", ""] },
    { templates: "a" },
    { templates: many(21, "a") },
    { tags: many(21, "a") },
    { tags: [long(101)] },
  ]),
  ...patched(CLAIM, [{ templates: ["a"] }, { tags: ["a"] }]),
  ...patched(COMPLETE, [
    { cost: 0.0000001 },
    ...["usd", "USD\n"].map((currency) => ({ cost: 1, currency })),
    ...unfitFreeForm.map((extractedData) => ({ extractedData })),
  ]),
  ...patched(FAIL, [
    ...["", " ", "a b", "Blurred", "é", "a\n", "a/b", long(65)].map((errorCode) => ({ errorCode })),
    ...[-1, 0.5, 86_401, 1e9].map((retryAfterSeconds) => ({ retryAfterSeconds })),
    ...[-0.01, 0.0000001, 40_000.01].map((cost) => ({ cost })),
    ...[-1, 0.5, 100_001].map((pages) => ({ pages })),
    { cost: 1, currency: "usd" },
  ]),
  ...patched(RELEASE, [
    ...[-1, 0.5, 86_401, 1e9].map((retryAfterSeconds) => ({ retryAfterSeconds })),
    ...["", long(201), "a\0"].map((reason) => ({ reason })),
    ...["error", "errorCode", "cost"].map((field) => ({ [field]: "a" })),
  ]),
  bodyRow(COMPLETE, "a cost of 1e999", raw('{"leaseId":"a","cost":1e999}'), "VALIDATION_FAILED"),
  ...patched(CREATE_KEY, [
    ...["Default", "a_b", "a b", "-a", "a-", "../a", "a/b", "é", long(64)].map((workspace) => ({
      workspace,
    })),
    ...["2020-01-01T00:00:00Z", "2100-01-01"].map((expiresAt) => ({ expiresAt })),
    ...["id", "key", "hash", "createdAt", "revokedAt"].map((field) => ({ [field]: "a" })),
  ]),
];

const KIB = 1_024;
const limitOf = ([name]: Operation) => ({ addJobs: 1_024, completeJob: 256 })[name] ?? 64;
const padded = ([, , , body]: Operation, bytes: number) => JSON.stringify(body).padEnd(bytes, " ");
const chunked = (text: string) => new Blob([text]).stream();
const sizes = withBody.flatMap((operation) => {
  const text = padded(operation, limitOf(operation) * KIB + 1);
  return [
    bodyRow(operation, "one byte too many", raw(text), "BODY_TOO_LARGE"),
    bodyRow(operation, "one byte too many in chunks", raw(chunked(text)), "BODY_TOO_LARGE"),
  ];
});

refuses({
  "a body that is not a JSON object": bodies,
  "a field that breaks its rule": fields,
  "a body over its limit": sizes,
});

test("reads bodies of exactly the limit", async () => {
  for (const operation of [CREATE, ADD, COMPLETE]) {
    const [, method, path] = operation;
    const text = padded(operation, limitOf(operation) * KIB);
    expect((await call(method, path(GROUP, JOB), raw(text))).status).toBeLessThan(300);
  }
});
