import { expect, test } from "vitest";
import { fileOf, formOf } from "../support/files.ts";
import { BASE, call, newGroup, type Json } from "../support/workers/api.ts";
import {
  GROUP,
  JOB,
  KEY,
  EMPTY,
  CANCELLED,
  LIST,
  UPDATE,
  ADD,
  JOBS,
  NOTIFICATIONS,
  RESULTS,
  ofWebhook,
  COMPLETE,
  FAIL,
  RELEASE,
  GET,
  DELETE,
  ofGroup,
  ofJob,
  REVOKE_KEY,
  all,
  whole,
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

const headerRow = (operation: Operation, name: string, value: string, code: string): Row => {
  const [title, method, path, body] = operation;
  const sent = { ...whole(body), headers: { [name]: value } };
  return [`${title} with ${name}: ${brief(value)}`, method, path(GROUP, JOB), sent, code];
};
const keyed = new Set(
  spaced(
    "createJobGroup  addJobs  claimJobs  claimAnyJobs  processJobGroup  cancelJobGroup  pauseJobGroup",
  ).concat("resumeJobGroup", "retryJobGroup"),
);
const headers = [
  ...all
    .filter(([name]) => keyed.has(name))
    .flatMap((operation) =>
      ['"a', '""', '"a b"', "a\tb", long(256), `"${long(256)}"`].map((value) =>
        headerRow(operation, "Idempotency-Key", value, "VALIDATION_FAILED"),
      ),
    ),
  ...["a", '"', '"a', "W/a", 'w/"a"', '"a" "b"', '"a",', '"a b"', '*, "a"'].flatMap((value) => [
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
const queryRow = ([name, method, path, body]: Operation, query: string): Row => [
  `${name} with ?${brief(query)}`,
  method,
  `${path(GROUP, JOB)}${path(GROUP, JOB).includes("?") ? "&" : "?"}${query}`,
  whole(body),
  "VALIDATION_FAILED",
];
const queriesOf = (operation: Operation, name: string, values: string[]) =>
  values.map((value) => queryRow(operation, `${name}=${value}`));
const queries = [
  ...queriesOf(LIST, "limit", ["5&limit=6"]),
  ...queriesOf(LIST, "offset", ["0&offset=0", "1000000001", "9".repeat(400)]),
  ...queriesOf(LIST, "sort", ["name&sort=name"]),
  ...queriesOf(LIST, "order", ["asc&order=desc"]),
  ...queriesOf(LIST, "filter", [...filters.map(encodeURIComponent), "{}&filter={}"]),
  ...queriesOf(LIST, "search", ["a&search=b"]),
  ...["page", "Limit", "limit[]", "__proto__", "constructor"].map((name) =>
    queryRow(LIST, `${name}=1`),
  ),
  ...queriesOf(JOBS, "limit", ["5&limit=6"]),
  ...queriesOf(JOBS, "status", ["queued&status=failed"]),
  ...queriesOf(JOBS, "errorCode", ["", "Blank", long(65), "a&errorCode=a", "blank&status=queued"]),
  ...queriesOf(RESULTS, "format", ["csv&format=csv", "CSV", "json"]),
  ...queriesOf(RESULTS, "status", ["failed,", ",failed", "failed, queued", "done", "FAILED"]),
  ...queriesOf(RESULTS, "fields", ["total", "/a~2", "/a~", many(51, "/a").join(), long(4_097)]),
  ...queriesOf(RESULTS, "after", ["1", long(24), `${JOB}0`]),
  ...queriesOf(RESULTS, "bom", ["true", "1", "false&bom=false"]),
  ...queriesOf(NOTIFICATIONS, "limit", ["5&limit=6"]),
  ...queriesOf(NOTIFICATIONS, "status", ["dead&status=dead"]),
  ...all.flatMap((operation) => ["=1", "%FF=1"].map((query) => queryRow(operation, query))),
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
  ...["POST", "PUT", "PATCH"].map((method) => [method, `${BASE}/${GROUP}/jobs/${JOB}`]),
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

refuses({
  "a header that is not understood or does not hold": headers,
  "a move that the state does not allow": moves,
  "a query that is not understood": queries,
  "an id that does not exist": ids,
  "a missing or wrong key": keys,
  "a path that leads nowhere": nowhere,
  "a method that is not allowed": methods,
});

test("reads a key in either header", async () => {
  const authorization = `Bearer ${KEY}`;
  expect((await call("GET", BASE, { key: null, headers: { authorization } })).status).toBe(200);
});

test("an unknown, a malformed and a deleted group answer alike", async () => {
  const deleted = await newGroup(1);
  await call("DELETE", `${BASE}/${deleted}`);
  for (const [name, method, path, body] of ofGroup) {
    const sent =
      name === "uploadDocuments"
        ? { raw: formOf([{ name: "a.pdf", bytes: fileOf("pdf", 100) }]) }
        : whole(body);
    const answerOf = async (id: string): Promise<Json> =>
      (await call(method, path(id, JOB), sent)).body;
    const { instance, requestId, ...unknown } = await answerOf("0".repeat(24));
    expect([instance, requestId]).not.toContain(undefined);
    expect(await answerOf("a'b")).toMatchObject(unknown);
    expect(await answerOf(deleted)).toMatchObject(unknown);
  }
});
