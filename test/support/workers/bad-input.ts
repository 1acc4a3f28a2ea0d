import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { BASE, call, claim, type Json, newGroup, type Options } from "./api.ts";
import { dump, expectRefusal } from "./refusals.ts";

export type Row = [name: string, method: string, path: string, sent: Options, code: string];
export type Operation = [
  name: string,
  method: string,
  path: (id: string, job: string) => string,
  Json?,
];

export const GROUP = await newGroup(3);
export const [LEASE] = await claim(GROUP, 1);
export const JOB: string = LEASE.jobId;
export const KEY = env.ROOT_API_KEY;
export const EMPTY = await newGroup();
export const CANCELLED = await newGroup(1);
await call("POST", `${BASE}/${CANCELLED}/cancel`);

// Each would be accepted as it stands: a row differs from it in one fault.
export const report = { leaseId: LEASE.leaseId };
export const group = { name: "Test", template: "t-1" };
export const scoped = { name: "Test", scopes: ["groups:read"] };
export const claiming = { workerId: "w", maxJobs: 1 };
export const LIST: Operation = ["listJobGroups", "GET", () => BASE];
export const CREATE: Operation = ["createJobGroup", "POST", () => BASE, group];
export const UPDATE: Operation = ["updateJobGroup", "PUT", (id) => `${BASE}/${id}`, group];
export const ADD: Operation = [
  "addJobs",
  "POST",
  (id) => `${BASE}/${id}/jobs`,
  { jobs: [{ documentName: "a" }] },
];
export const UPLOAD: Operation = ["uploadDocuments", "POST", (id) => `${BASE}/${id}/documents`];
export const JOBS: Operation = ["listJobGroupJobs", "GET", (id) => `${BASE}/${id}/jobs`];
export const RESULTS: Operation = ["exportResults", "GET", (id) => `${BASE}/${id}/results`];
export const FIND: Operation = ["findJobs", "GET", () => `${BASE}/jobs?jobNumber=1`];
export const NOTIFICATIONS: Operation = [
  "listNotifications",
  "GET",
  (id) => `${BASE}/${id}/notifications`,
];
export const REDELIVER: Operation = [
  "redeliverNotification",
  "POST",
  (id) => `${BASE}/${id}/notifications/0001.job_group.completed.email.0/redeliver`,
];
export const WEBHOOK: Operation = [
  "createWebhook",
  "POST",
  () => "/webhook",
  { url: "https://a.de" },
];
export const ofWebhook: Operation[] = [
  ["deleteWebhook", "DELETE", (id) => `/webhook/${id}`],
  ["rotateWebhookSecret", "POST", (id) => `/webhook/${id}/rotate-secret`],
  ["pingWebhook", "POST", (id) => `/webhook/${id}/ping`],
];
export const CLAIM: Operation = ["claimJobs", "POST", (id) => `${BASE}/${id}/jobs/claim`, claiming];
export const CLAIM_ANY: Operation = ["claimAnyJobs", "POST", () => `${BASE}/jobs/claim`, claiming];
export const HEARTBEAT: Operation = [
  "heartbeat",
  "POST",
  () => `${BASE}/jobs/heartbeat`,
  { leases: [{ groupId: GROUP, jobId: JOB, leaseId: LEASE.leaseId }] },
];
export const reporting = (how: string, body: Json): Operation => [
  `${how}Job`,
  "POST",
  (id, job) => `${BASE}/${id}/jobs/${job}/${how}`,
  body,
];
export const COMPLETE = reporting("complete", report);
export const FAIL = reporting("fail", { ...report, error: "blurred" });
export const RELEASE = reporting("release", report);
export const GET: Operation = ["getJobGroup", "GET", (id) => `${BASE}/${id}`];
export const DELETE: Operation = ["deleteJobGroup", "DELETE", (id) => `${BASE}/${id}`];
export const PAUSE: Operation = [
  "pauseJobGroup",
  "POST",
  (id) => `${BASE}/${id}/pause`,
  { reason: "outage" },
];
export const CANCEL: Operation = [
  "cancelJobGroup",
  "POST",
  (id) => `${BASE}/${id}/cancel`,
  { jobIds: [JOB] },
];
export const RETRY: Operation = [
  "retryJobGroup",
  "POST",
  (id) => `${BASE}/${id}/retry`,
  { errorCodes: ["blank"] },
];
export const ofGroup: Operation[] = [
  GET,
  UPDATE,
  DELETE,
  ["processJobGroup", "POST", (id) => `${BASE}/${id}/process`],
  ["streamJobGroup", "GET", (id) => `${BASE}/${id}/events`],
  ["verifyJobGroup", "GET", (id) => `${BASE}/${id}/verify`],
  ["listJobErrors", "GET", (id) => `${BASE}/${id}/errors`],
  RESULTS,
  PAUSE,
  ["resumeJobGroup", "POST", (id) => `${BASE}/${id}/resume`],
  CANCEL,
  RETRY,
  ADD,
  UPLOAD,
  JOBS,
  CLAIM,
  NOTIFICATIONS,
  REDELIVER,
];
export const ofJob: Operation[] = [
  ["getJob", "GET", (id, job) => `${BASE}/${id}/jobs/${job}`],
  ["putDocument", "PUT", (id, job) => `${BASE}/${id}/jobs/${job}/document`],
  ["getDocument", "GET", (id, job) => `${BASE}/${id}/jobs/${job}/document`],
  COMPLETE,
  FAIL,
  RELEASE,
];
export const LIST_WEBHOOKS: Operation = ["listWebhooks", "GET", () => "/webhook"];
export const webhooks = [WEBHOOK, LIST_WEBHOOKS, ...ofWebhook];
export const CREATE_KEY: Operation = ["createApiKey", "POST", () => "/api-key", scoped];
export const LIST_KEYS: Operation = ["listApiKeys", "GET", () => "/api-key"];
export const REVOKE_KEY: Operation = ["revokeApiKey", "DELETE", (id) => `/api-key/${id}`];
export const ofKeys = [CREATE_KEY, LIST_KEYS, REVOKE_KEY];
export const all = [
  LIST,
  CREATE,
  FIND,
  CLAIM_ANY,
  HEARTBEAT,
  ...ofGroup,
  ...ofJob,
  ...webhooks,
  ...ofKeys,
];
export const withBody = all.filter(([, , , body]) => body !== undefined);

export const raw = (text: BodyInit): Options => ({
  raw: text,
  headers: { "content-type": "application/json" },
});
export const whole = (body: Json): Options => (body === undefined ? {} : { body });
export const spaced = (text: string) => text.trim().split(/\s{2,}/);
export const long = (length: number) => "x".repeat(length);
export const many = <T>(length: number, item: T): T[] => Array.from({ length }, () => item);
export const nested = (depth: number, open: string, close: string) =>
  open.repeat(depth) + close.repeat(depth);
export const brief = (text: string) =>
  text.length > 70 ? `${text.slice(0, 60)}…${text.length}` : text;

export const bodyRow = (operation: Operation, what: string, sent: Options, code: string): Row => {
  const [name, method, path] = operation;
  return [`${name} with ${what}`, method, path(GROUP, JOB), sent, code];
};
/** Each row is refused with its code, and none changes what is stored. */
export function refuses(classes: Record<string, Row[]>): void {
  describe.each(Object.entries(classes))("refuses %s and changes nothing", (_class, rows) => {
    let before: unknown;
    beforeAll(async () => {
      before = await dump();
    });

    test.each(rows)("%s", async (_name, method, path, sent, code) => {
      expectRefusal(await call(method, path, sent), code);
    });

    test("the database is what it was", async () => {
      expect(await dump()).toEqual(before);
    });
  });
}
