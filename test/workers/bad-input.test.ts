import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { BASE, call, claim, newGroup, type Json, type Options } from "../support/workers/api.ts";

type Row = [name: string, method: string, path: string, sent: Options, code: string];
type Operation = [name: string, method: string, path: (id: string, job: string) => string, Json?];

const STATUSES: Record<string, number> = {
  MALFORMED_JSON: 400,
  VALIDATION_FAILED: 400,
  UNAUTHORIZED: 401,
  NOT_FOUND: 404,
  GROUP_NOT_FOUND: 404,
  API_KEY_NOT_FOUND: 404,
  JOB_NOT_FOUND: 404,
  NOTIFICATION_NOT_FOUND: 404,
  WEBHOOK_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  GROUP_EMPTY: 409,
  GROUP_CANCELLED: 409,
  NOTHING_TO_RETRY: 409,
  LEASE_LOST: 409,
  PRECONDITION_FAILED: 412,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
};
const GROUP = await newGroup(3);
const [LEASE] = await claim(GROUP, 1);
const JOB: string = LEASE.jobId;
const KEY = env.ROOT_API_KEY;
const EMPTY = await newGroup();
const CANCELLED = await newGroup(1);
await call("POST", `${BASE}/${CANCELLED}/cancel`);

// Each would be accepted as it stands: a row differs from it in one fault.
const report = { leaseId: LEASE.leaseId };
const group = { name: "Test", template: "t-1" };
const scoped = { name: "Test", scopes: ["groups:read"] };
const claiming = { workerId: "w", maxJobs: 1 };
const LIST: Operation = ["listJobGroups", "GET", () => BASE];
const CREATE: Operation = ["createJobGroup", "POST", () => BASE, group];
const UPDATE: Operation = ["updateJobGroup", "PUT", (id) => `${BASE}/${id}`, group];
const ADD: Operation = [
  "addJobs",
  "POST",
  (id) => `${BASE}/${id}/jobs`,
  { jobs: [{ documentName: "a" }] },
];
const JOBS: Operation = ["listJobGroupJobs", "GET", (id) => `${BASE}/${id}/jobs`];
const NOTIFICATIONS: Operation = [
  "listNotifications",
  "GET",
  (id) => `${BASE}/${id}/notifications`,
];
const REDELIVER: Operation = [
  "redeliverNotification",
  "POST",
  (id) => `${BASE}/${id}/notifications/0001.job_group.completed.email.0/redeliver`,
];
const WEBHOOK: Operation = ["createWebhook", "POST", () => "/webhook", { url: "https://a.de" }];
const ofWebhook: Operation[] = [
  ["deleteWebhook", "DELETE", (id) => `/webhook/${id}`],
  ["rotateWebhookSecret", "POST", (id) => `/webhook/${id}/rotate-secret`],
  ["pingWebhook", "POST", (id) => `/webhook/${id}/ping`],
];
const CLAIM: Operation = ["claimJobs", "POST", (id) => `${BASE}/${id}/jobs/claim`, claiming];
const CLAIM_ANY: Operation = ["claimAnyJobs", "POST", () => `${BASE}/jobs/claim`, claiming];
const reporting = (how: string, body: Json): Operation => [
  `${how}Job`,
  "POST",
  (id, job) => `${BASE}/${id}/jobs/${job}/${how}`,
  body,
];
const COMPLETE = reporting("complete", report);
const FAIL = reporting("fail", { ...report, error: "blurred" });
const RELEASE = reporting("release", report);
const GET: Operation = ["getJobGroup", "GET", (id) => `${BASE}/${id}`];
const DELETE: Operation = ["deleteJobGroup", "DELETE", (id) => `${BASE}/${id}`];
const ofGroup: Operation[] = [
  GET,
  UPDATE,
  DELETE,
  ["processJobGroup", "POST", (id) => `${BASE}/${id}/process`],
  ["cancelJobGroup", "POST", (id) => `${BASE}/${id}/cancel`],
  ["retryJobGroup", "POST", (id) => `${BASE}/${id}/retry`],
  ADD,
  JOBS,
  CLAIM,
  NOTIFICATIONS,
  REDELIVER,
];
const ofJob: Operation[] = [
  ["getJob", "GET", (id, job) => `${BASE}/${id}/jobs/${job}`],
  COMPLETE,
  FAIL,
  RELEASE,
];
const LIST_WEBHOOKS: Operation = ["listWebhooks", "GET", () => "/webhook"];
const webhooks = [WEBHOOK, LIST_WEBHOOKS, ...ofWebhook];
const CREATE_KEY: Operation = ["createApiKey", "POST", () => "/api-key", scoped];
const LIST_KEYS: Operation = ["listApiKeys", "GET", () => "/api-key"];
const REVOKE_KEY: Operation = ["revokeApiKey", "DELETE", (id) => `/api-key/${id}`];
const ofKeys = [CREATE_KEY, LIST_KEYS, REVOKE_KEY];
const all = [LIST, CREATE, CLAIM_ANY, ...ofGroup, ...ofJob, ...webhooks, ...ofKeys];
const withBody = all.filter(([, , , body]) => body !== undefined);

const raw = (text: BodyInit): Options => ({
  raw: text,
  headers: { "content-type": "application/json" },
});
const whole = (body: Json): Options => (body === undefined ? {} : { body });
const spaced = (text: string) => text.trim().split(/\s{2,}/);
const long = (length: number) => "x".repeat(length);
const many = <T>(length: number, item: T): T[] => Array.from({ length }, () => item);
const nested = (depth: number, open: string, close: string) =>
  open.repeat(depth) + close.repeat(depth);
const brief = (text: string) => (text.length > 70 ? `${text.slice(0, 60)}…${text.length}` : text);

const bodyRow = (operation: Operation, what: string, sent: Options, code: string): Row => {
  const [name, method, path] = operation;
  return [`${name} with ${what}`, method, path(GROUP, JOB), sent, code];
};
const form = { "content-type": "application/x-www-form-urlencoded" };
const bodies = withBody.flatMap((operation) => [
  ...['{"name":', "{}{}", ""].map((text) =>
    bodyRow(operation, `the body '${text}'`, raw(text), "MALFORMED_JSON"),
  ),
  ...["[]", "null", "{}"].map((text) =>
    bodyRow(operation, `the body '${text}'`, raw(text), "VALIDATION_FAILED"),
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
const notIn = (minimum: number, maximum: number): unknown[] => [
  minimum - 1,
  maximum + 1,
  (minimum + maximum) / 2 + 0.25,
  String(maximum),
  null,
];
const injected = ["\r\n", "\n", "\r", "%0d%0a"]
  .map((line) => `a@b.de${line}Bcc: c@d.de`)
  .concat("a@b.de, c@d.de", "a@b.de;c@d.de", "<a@b.de>", "A <a@b.de>", '"a\n"@b.de', "a@b.de\0")
  .concat(`${"a".repeat(64)}@${"b.".repeat(93)}info`);
const settings = [
  ...notIn(1, 10).map((parallelJobs) => ({ parallelJobs })),
  ...notIn(0, 5).map((retryCount) => ({ retryCount })),
  ...notIn(5, 120).map((timeoutMinutes) => ({ timeoutMinutes })),
  { speed: 1 },
];
const recipients = [
  ...spaced("nobody  a@b@c.de  a b@c.de  a@c  a@c.de,b@c.de  <a@c.de>  A <a@c.de>"),
  "a@c.de\n",
  "a@c.de\r\nBcc: b@c.de",
  "a\0@c.de",
  `${long(64)}@${`${long(47)}.`.repeat(4)}de`,
  "",
  7,
  null,
].map((to) => [to]);
const unfitTexts = ["", 7, null, "a\0b", "\uD800"];
const unfitMetadata = [
  null,
  [],
  { a: [2 ** 60] },
  { a: "\0" },
  { a: ["\uD800"] },
  { "\uDC00": 1 },
  { a: { constructor: 1 } },
  { a: long(16_384) },
  { a: JSON.parse(nested(20, "[", "]")) },
];
/** Too long for metadata, not for extracted data. */
const isLong = (value: unknown) => JSON.stringify(value).length > 16_384;
const groupFaults = [
  { name: undefined },
  { template: undefined },
  ...["name", "template"].flatMap((field) =>
    [...unfitTexts, long(201)].map((value) => ({ [field]: value })),
  ),
  ...["batchNumber", "createdBy", "assignedTo"].flatMap((field) =>
    [7, null, long(201)].map((value) => ({ [field]: value })),
  ),
  ...[7, null, "a\0b", long(5_001)].map((description) => ({ description })),
  ...["asap", "HIGH", 1, null].map((priority) => ({ priority })),
  ...settings.map((processingSettings) => ({ processingSettings })),
  { processingSettings: null },
  ...injected.map((address) => ({ notifications: { recipients: ["a@b.de", address] } })),
  ...recipients.map((recipients) => ({ notifications: { recipients } })),
  { notifications: { recipients: many(21, "a@c.de") } },
  ...["onCompletion", "onFailure"].map((field) => ({ notifications: { [field]: "yes" } })),
  { notifications: { sms: true } },
  ...["a", null, [1], [""], ["\0"], [long(101)], many(51, "a")].map((tags) => ({ tags })),
  ...unfitMetadata.map((metadata) => ({ metadata })),
  { colour: "red" },
];
const rawGroups = [
  '"__proto__":1',
  '"metadata":{"__proto__":{"a":1}}',
  '"metadata":{"a":1e400}',
  '"metadata":{"a":[{"__proto__":1}]}',
  `"metadata":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
  `"metadata":{"a":${nested(5_000, "[", "]")}}`,
];
const unfitUrls = spaced(
  "javascript:alert(1)  ftp://a.de/b.pdf  file:///etc/passwd  b.pdf  //a.de/b  https://",
).concat("", "https://a.de/\0", "https://a.de/\uD800", `https://a.de/${long(2_048)}`);
const jobFaults = [
  { documentName: undefined },
  ...[...unfitTexts, long(501)].map((documentName) => ({ documentName })),
  ...[...unfitTexts, long(201)].map((jobNumber) => ({ jobNumber })),
  ...unfitUrls.map((documentUrl) => ({ documentUrl })),
  ...["exe", "PDF", 1, null].map((documentType) => ({ documentType })),
  ...unfitMetadata.map((metadata) => ({ metadata })),
  { status: "completed" },
];
const keyFaults = [
  { name: undefined },
  ...[...unfitTexts, long(201)].map((name) => ({ name })),
  { scopes: undefined },
  ...[
    [],
    "groups:read",
    null,
    ["groups"],
    ["GROUPS:READ"],
    ["groups:read", "groups:read"],
    [null],
  ].map((scopes) => ({ scopes })),
  ...["", "Default", "a_b", "a b", "-a", "a-", "../a", "a/b", "é", long(64), 7, null].map(
    (workspace) => ({ workspace }),
  ),
  ...["", "tomorrow", "2020-01-01T00:00:00Z", "2100-01-01", 5, null].map((expiresAt) => ({
    expiresAt,
  })),
  ...["id", "key", "hash", "createdAt", "revokedAt"].map((field) => ({ [field]: "a" })),
];
const fields = [
  ...patched(CREATE, groupFaults),
  ...patched(UPDATE, [{ name: undefined }, { colour: "red" }, { processingSettings: settings[0] }]),
  ...[CREATE, UPDATE].flatMap((operation) =>
    rawGroups.map((text) => {
      const sent = raw(`{"name":"a","template":"t",${text}}`);
      return bodyRow(operation, brief(text), sent, "VALIDATION_FAILED");
    }),
  ),
  ...patched(ADD, [
    ...[undefined, {}, [], [null], ["a.pdf"]].map((jobs) => ({ jobs })),
    { jobs: many(1_001, { documentName: "a" }) },
    { jobs: many(2, { documentName: "a", jobNumber: "1" }) },
    ...jobFaults.map((fault) => ({
      jobs: [{ documentName: "a", ...fault }, { documentName: "b" }],
    })),
    { group: GROUP },
  ]),
  ...patched(WEBHOOK, [
    ...[undefined, 7, null, "", ...unfitUrls].map((url) => ({ url })),
    ...spaced(`
      http://a.de  https://127.1  https://0x7f000001  https://2130706433  https://[::1]
      https://[::ffff:10.0.0.1]  https://localhost  https://a.local  https://intranet
      https://me@a.de  https://me:pw@a.de  https://a.de:8443  https://a.de:80  https://１２７.1
    `).map((url) => ({ url })),
    ...[[], null, "job.failed", ["ping"], ["job.failed", 7]].map((events) => ({ events })),
    { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
  ]),
  ...patched(CLAIM, [
    ...[undefined, ...unfitTexts, long(201)].map((workerId) => ({ workerId })),
    ...[undefined, ...notIn(1, 10)].map((maxJobs) => ({ maxJobs })),
    { priority: "high" },
  ]),
  ...patched(CLAIM_ANY, [{ workerId: undefined }, { maxJobs: 0 }, { maxJobs: 11 }, { id: GROUP }]),
  ...[COMPLETE, FAIL, RELEASE].flatMap((operation) =>
    patched(operation, [{ leaseId: undefined }, { leaseId: long(201) }, { status: "completed" }]),
  ),
  ...patched(COMPLETE, [
    ...unfitTexts.map((leaseId) => ({ leaseId })),
    ...notIn(0, 100_000).map((pages) => ({ pages })),
    ...[-0.01, 40_000.01, 0.0000001, "1", null].map((cost) => ({ cost })),
    ...["usd", "DOLLAR", "", "USD\n", 5, null].map((currency) => ({ cost: 1, currency })),
    ...[-0.01, 1.01, "1", null].map((confidence) => ({ confidence })),
    ...unfitMetadata.filter((value) => !isLong(value)).map((extractedData) => ({ extractedData })),
  ]),
  bodyRow(COMPLETE, "a cost of 1e999", raw('{"leaseId":"a","cost":1e999}'), "VALIDATION_FAILED"),
  ...patched(CREATE_KEY, keyFaults),
  ...patched(FAIL, [
    ...[undefined, ...unfitTexts, long(2_001)].map((error) => ({ error })),
    ...["no", 0, null].map((retryable) => ({ retryable })),
  ]),
];

const headerRow = (operation: Operation, name: string, value: string, code: string): Row => {
  const [title, method, path, body] = operation;
  const sent = { ...whole(body), headers: { [name]: value } };
  return [`${title} with ${name}: ${brief(value)}`, method, path(GROUP, JOB), sent, code];
};
const keyed = new Set(
  spaced(
    "createJobGroup  addJobs  claimJobs  claimAnyJobs  processJobGroup  cancelJobGroup",
  ).concat("retryJobGroup"),
);
const headers = [
  ...all
    .filter(([name]) => keyed.has(name))
    .flatMap((operation) =>
      ["", "a b", '"a', '""', '"a b"', "a\tb", long(256), `"${long(256)}"`].map((value) =>
        headerRow(operation, "Idempotency-Key", value, "VALIDATION_FAILED"),
      ),
    ),
  ...["", "a", '"', '"a', "W/a", 'w/"a"', '"a" "b"', '"a",', '"a b"', '*, "a"'].flatMap((value) => [
    headerRow(UPDATE, "If-Match", value, "VALIDATION_FAILED"),
    headerRow(DELETE, "If-Match", value, "VALIDATION_FAILED"),
    headerRow(GET, "If-None-Match", value, "VALIDATION_FAILED"),
  ]),
  ...['"a"', 'W/"a"', '"", "b"'].flatMap((value) => [
    headerRow(UPDATE, "If-Match", value, "PRECONDITION_FAILED"),
    headerRow(DELETE, "If-Match", value, "PRECONDITION_FAILED"),
  ]),
];
const moves = [
  ...[COMPLETE, FAIL, RELEASE].map((operation) =>
    bodyRow(
      operation,
      "a lease that is no lease",
      { body: { ...operation[3], leaseId: "a" } },
      "LEASE_LOST",
    ),
  ),
  ...[
    ["process", EMPTY, "GROUP_EMPTY"],
    ["process", CANCELLED, "GROUP_CANCELLED"],
    ["retry", CANCELLED, "GROUP_CANCELLED"],
    ["retry", GROUP, "NOTHING_TO_RETRY"],
  ].map(([move = "", id = "", code = ""]): Row => [
    `${move} answered ${code}`,
    "POST",
    `${BASE}/${id}/${move}`,
    {},
    code,
  ]),
  [
    "addJobs to a cancelled group",
    "POST",
    `${BASE}/${CANCELLED}/jobs`,
    whole(ADD[3]),
    "GROUP_CANCELLED",
  ] as Row,
];

const filters = [
  "",
  ...spaced(`
    {  []  null  5  "name"  {'name':'a'}  {"$where":"1"}  {"name":{"$regex":"a"}}  {"secret":1}
    {"workspace":"a"}  {"__proto__":1}  {"constructor":1}  {"name) OR 1=1 --":1}  {"name":null}
    {"name":5}  {"totalJobs":"5"}  {"totalJobs":true}  {"totalJobs":1e999}  {"status":"done"}
    {"createdAt":5}  {"createdAt":"yesterday"}  {"createdAt":"2026-02-30T00:00:00Z"}  {"name":{}}
    {"notifications.onFailure":1}  {"tags":{"$gt":"a"}}  {"metadata":{}}  {"metadata.":1}
    {"metadata..a":1}  {"metadata.a":null}  {"metadata.a":{"b":1}}  {"name":{"$in":"a"}}
    {"name":{"$in":[null]}}  {"name":{"$exists":1}}  {"name":{"$not":1}}  {"$and":[]}  {"$or":{}}
    {"$or":[1]}  {"$nor":[{"name":"a"}]}  {"name":"\\u0000"}  {"name":"\\ud800"}`),
  JSON.stringify({ name: long(501) }),
  JSON.stringify({ $or: many(41, { name: "a" }) }),
  JSON.stringify({ name: many(51, "a") }),
  `${'{"$and":['.repeat(5_000)}{"name":"a"}${"]}".repeat(5_000)}`,
  `${'{"$or":['.repeat(9)}{"name":"a"}${"]}".repeat(9)}`,
  `{"name":${nested(4_000, "[", "]")}}`,
];
const numberSpellings = [
  "",
  ...spaced("-1  +5  010  1e2  0x10  1.0  1_0  %205  %D9%A1  NaN  5%00"),
];
const queryRow = ([name, method, path, body]: Operation, query: string): Row => [
  `${name} with ?${brief(query)}`,
  method,
  `${path(GROUP, JOB)}?${query}`,
  whole(body),
  "VALIDATION_FAILED",
];
const queriesOf = (operation: Operation, name: string, values: string[]) =>
  values.map((value) => queryRow(operation, `${name}=${value}`));
const sorts = [
  "",
  ...spaced("nope  tags  metadata.a  created_at  name;--  __proto__  name&sort=name"),
];
const queries = [
  ...queriesOf(LIST, "limit", [...numberSpellings, "0", "101", "5&limit=6"]),
  ...queriesOf(LIST, "offset", [
    "",
    "-1",
    "1e2",
    "010",
    "1000000001",
    "9".repeat(400),
    "0&offset=0",
  ]),
  ...queriesOf(LIST, "sort", sorts),
  ...queriesOf(LIST, "order", ["", "ASC", "up", "asc&order=desc"]),
  ...queriesOf(LIST, "filter", [...filters.map(encodeURIComponent), "{}&filter={}"]),
  ...queriesOf(LIST, "search", ["", long(501), "%00", "a&search=b"]),
  ...["page", "Limit", "limit[]", "__proto__", "constructor"].map((name) =>
    queryRow(LIST, `${name}=1`),
  ),
  ...queriesOf(LIST_KEYS, "limit", ["", "0", "101", "1e2"]),
  ...queriesOf(LIST_KEYS, "offset", ["", "-1", "1000001"]),
  ...queriesOf(JOBS, "limit", ["", "0", "-1", "1e2", "100001", "5&limit=6"]),
  ...queriesOf(JOBS, "offset", ["", "-1", "+5", "100001"]),
  ...queriesOf(JOBS, "status", ["", "done", "QUEUED", "queued&status=failed"]),
  ...queriesOf(NOTIFICATIONS, "limit", ["", "0", "-1", "1e2", "101", "5&limit=6"]),
  ...queriesOf(NOTIFICATIONS, "offset", ["", "-1", "+5"]),
  ...queriesOf(NOTIFICATIONS, "status", ["", "sent", "DEAD", "dead&status=dead"]),
  ...all.flatMap((operation) =>
    ["verbose=1", "=1", "%FF=1"].map((query) => queryRow(operation, query)),
  ),
];

const unknownIds = spaced(`
  ${"0".repeat(24)}  a  ${GROUP}0  ABCDEF0123456789ABCDEF01  %00  '%20OR%20'1'='1  %zz
  %F0%9F%98%80  ${long(4_000)}`);
const ids = [
  ...[...ofGroup, ...ofJob].flatMap(([name, method, path, body]) =>
    unknownIds.map((id): Row => {
      const title = `${name} of group ${brief(id)}`;
      return [title, method, path(id, JOB), whole(body), "GROUP_NOT_FOUND"];
    }),
  ),
  ...ofWebhook.flatMap(([name, method, path]) =>
    unknownIds.map((id): Row => {
      const title = `${name} of webhook ${brief(id)}`;
      return [title, method, path(id, JOB), {}, "WEBHOOK_NOT_FOUND"];
    }),
  ),
  ...unknownIds.map((id): Row => {
    const path = `${BASE}/${GROUP}/notifications/${id}/redeliver`;
    return [`redeliver of ${brief(id)}`, "POST", path, {}, "NOTIFICATION_NOT_FOUND"];
  }),
  ...unknownIds.concat("root", "%F0%9F").map((id): Row => {
    const [name, method, path] = REVOKE_KEY;
    return [`${name} of key ${brief(id)}`, method, path(id, JOB), {}, "API_KEY_NOT_FOUND"];
  }),
  ...ofJob.flatMap(([name, method, path, body]) =>
    [...unknownIds, JOB.toUpperCase(), GROUP].map((id): Row => {
      const title = `${name} of job ${brief(id)}`;
      return [title, method, path(GROUP, id), whole(body), "JOB_NOT_FOUND"];
    }),
  ),
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

const wrongKeys: Record<string, string>[] = [
  { "api-key": "" },
  { "api-key": `${KEY}x` },
  { "api-key": KEY.toUpperCase() },
  { "api-key": `Bearer ${KEY}` },
  { "api-key": `ocr_${"0".repeat(48)}` },
  { "api-key": "ocr_" },
  { "api-key": long(8_000) },
  { "api-key": "wrong", authorization: `Bearer ${KEY}` },
  { authorization: KEY },
  { authorization: "Bearer" },
  { authorization: "Bearer wrong" },
  { authorization: `Basic ${btoa(`key:${KEY}`)}` },
];
const keys = [
  ...all.map(([name, method, path, body]): Row => {
    const sent = { ...whole(body), key: null };
    return [`${name} without a key`, method, path(GROUP, JOB), sent, "UNAUTHORIZED"];
  }),
  ...wrongKeys.map((headers): Row => {
    const title = JSON.stringify(headers).replaceAll(KEY, "KEY");
    return [title, "DELETE", `${BASE}/${GROUP}`, { headers, key: null }, "UNAUTHORIZED"];
  }),
];

const nowhere = [
  "/nope",
  "/ocr-invoice-job-groups",
  "/openapi.yaml",
  `/.//${BASE.slice(1)}`,
  `${BASE}/`,
]
  .concat(`${BASE}/${GROUP}/`, `${BASE}/${GROUP}/nope`, `${BASE}/${GROUP}/jobs/${JOB}/nope`)
  .map((path): Row => [path, "GET", path, {}, "NOT_FOUND"]);
const methods = [
  ...["PUT", "PATCH", "DELETE"].map((method) => [method, BASE]),
  ...["POST", "PATCH"].map((method) => [method, `${BASE}/${GROUP}`]),
  ...["PUT", "PATCH", "DELETE"].map((method) => [method, `${BASE}/${GROUP}/jobs`]),
  ...["POST", "PUT", "DELETE"].map((method) => [method, `${BASE}/${GROUP}/jobs/${JOB}`]),
  ...["process", "cancel", "retry"].map((action) => ["GET", `${BASE}/${GROUP}/${action}`]),
  ...["complete", "fail", "release"].map((how) => ["GET", `${BASE}/${GROUP}/jobs/${JOB}/${how}`]),
  ["GET", `${BASE}/jobs/claim`],
  ["PUT", "/api-key"],
  ...["GET", "PUT", "PATCH"].map((method) => [method, `/api-key/${GROUP}`]),
  ["POST", "/health"],
  ["DELETE", "/openapi.json"],
].map(([method = "", path = ""]): Row => [
  `${method} ${path}`,
  method,
  path,
  {},
  "METHOD_NOT_ALLOWED",
]);

const dump = () =>
  env.DB.batch(
    ["job_group", "job", "receipt", "api_key", "delivery", "webhook"].map((table) =>
      env.DB.prepare(`SELECT * FROM ${table}`),
    ),
  ).then((answers) => answers.map(({ results }) => results));

describe.each<[string, Row[]]>([
  ["a body that is not a JSON object", bodies],
  ["a field that breaks its rule", fields],
  ["a header that is not understood or does not hold", headers],
  ["a move that the state does not allow", moves],
  ["a query that is not understood", queries],
  ["an id that does not exist", ids],
  ["a body over its limit", sizes],
  ["a missing or wrong key", keys],
  ["a path that leads nowhere", nowhere],
  ["a method that is not allowed", methods],
])("refuses %s and changes nothing", (_class, rows) => {
  let before: unknown;
  beforeAll(async () => {
    before = await dump();
  });

  test.each(rows)("%s", async (_name, method, path, sent, code) => {
    const { status, headers, body } = await call(method, path, sent);
    expect({ code: body.code, status }).toEqual({ code, status: STATUSES[code] });
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(body).toMatchObject({ success: false, status, error: body.detail });
    expect(body.requestId).toBe(headers.get("x-request-id"));
    expect(body.errors.length > 0).toBe(code === "VALIDATION_FAILED");
    expect(headers.has("allow")).toBe(status === 405);
    expect(headers.has("www-authenticate")).toBe(status === 401);
    expect(JSON.stringify(body)).not.toMatch(/SQL|D1_|stack|at Object/);
    expect(JSON.stringify(body)).not.toContain(KEY);
  });

  test("the database is what it was", async () => {
    expect(await dump()).toEqual(before);
  });
});

test("reads bodies of exactly the limit, and keys in either header", async () => {
  for (const operation of [CREATE, ADD, COMPLETE]) {
    const [, method, path] = operation;
    const text = padded(operation, limitOf(operation) * KIB);
    expect((await call(method, path(GROUP, JOB), raw(text))).status).toBeLessThan(300);
  }
  const authorization = `Bearer ${KEY}`;
  expect((await call("GET", BASE, { key: null, headers: { authorization } })).status).toBe(200);
});

test("an unknown, a malformed and a deleted group answer alike", async () => {
  const deleted = await newGroup(1);
  await call("DELETE", `${BASE}/${deleted}`);
  for (const [, method, path, body] of ofGroup) {
    const answerOf = async (id: string): Promise<Json> =>
      (await call(method, path(id, JOB), whole(body))).body;
    const { instance, requestId, ...unknown } = await answerOf("0".repeat(24));
    expect([instance, requestId]).not.toContain(undefined);
    expect(await answerOf("a'b")).toMatchObject(unknown);
    expect(await answerOf(deleted)).toMatchObject(unknown);
  }
});
