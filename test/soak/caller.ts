import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  bodyExample,
  bodyKind,
  type Described,
  exampleUrl,
} from "../../src/reference/openapi/operations.ts";
import { fileOf, formOf } from "../support/files.ts";
import type { Answer, Client } from "../support/client.ts";
import type { Figures } from "./figures.ts";
import type { Ids, Kind, World } from "./world.ts";

const LONGEST_PAUSE_MS = 40;
const ENOUGH_GROUPS = 40;
/** An operation that has not succeeded yet is called so many times as often, so that a short soak covers it too. */
const UNTRIED = 10;

/** The frequency of calls. An operation that is not named has 1. */
const WEIGHTS: Readonly<Record<string, number>> = {
  addJobs: 4,
  processJobGroup: 5,
  claimJobs: 8,
  claimAnyJobs: 3,
  completeJob: 8,
  failJob: 2,
  resumeJobGroup: 2,
  cancelJobGroup: 0.6,
  deleteJobGroup: 0.3,
  createApiKey: 0.2,
  createWebhook: 0.2,
};

/** What operations that take files are sent. */
const FILE = fileOf("pdf", 20_000);
const FILES: Readonly<Record<string, BodyInit>> = {
  form: formOf([{ name: "invoice.pdf", bytes: FILE }]),
  bytes: FILE,
};

export interface Calling {
  readonly api: Client;
  readonly operations: readonly Described[];
  readonly world: World;
  readonly figures: Figures;
  /** The URL that webhooks go to. */
  readonly receiver: string;
  readonly until: number;
  readonly random: () => number;
}

/** Calls operations as the spec describes them, on what other calls have made, until the time is over. */
export async function caller(calling: Calling): Promise<void> {
  while (Date.now() < calling.until) {
    const described = choose(calling);
    const ids = idsFor(described, calling);
    if (ids !== undefined) await callOnce(described, ids, calling);
    await sleep(calling.random() * LONGEST_PAUSE_MS);
  }
}

function choose({ operations, world, figures, random }: Calling): Described {
  const weigh = ({ operation: { operationId } }: Described) => {
    if (operationId === "createJobGroup" && world.count("group") < ENOUGH_GROUPS) return 6;
    return (WEIGHTS[operationId] ?? 1) * (figures.hasSucceeded(operationId) ? 1 : UNTRIED);
  };
  let lot = random() * operations.reduce((sum, one) => sum + weigh(one), 0);
  const chosen = operations.find((one) => (lot -= weigh(one)) < 0);
  return chosen ?? (operations[0] as Described);
}

/** `undefined` when nothing that the operation needs is known yet. */
function idsFor(described: Described, { world, random }: Calling): Ids | undefined {
  const kind = kindFor(described);
  if (kind === undefined) return {};
  const isOver = /^(complete|fail|release|delete|revoke)/.test(described.operation.operationId);
  return isOver ? world.take(kind, random) : world.pick(kind, random);
}

function kindFor({ path, operation }: Described): Kind | undefined {
  const body = bodyExample(operation.requestBody) as object | undefined;
  if (body !== undefined && "leaseId" in body) return "lease";
  if (operation.operationId === "deleteJob") return "finished";
  if (path.includes("{jobId}")) return "job";
  if (path.includes("{notificationId}")) return "notice";
  if (path.includes("{webhookId}")) return "webhook";
  if (path.startsWith("/api-key/{")) return "key";
  return path.includes("{id}") ? "group" : undefined;
}

async function callOnce(described: Described, ids: Ids, calling: Calling): Promise<void> {
  const { api, figures, world, random } = calling;
  const { method, operation } = described;
  const options = optionsOf(described, ids, calling);
  const path = Object.entries(ids).reduce(
    (filled, [name, value]) => filled.replace(`{${name}}`, value),
    described.path,
  );
  const query = exampleUrl(described).split("?")[1];
  const url = query !== undefined && random() < 0.3 ? `${path}?${query}` : path;
  const twice = "headers" in options && random() < 0.3;
  const send = () => api.call(method, url, options).catch(() => undefined);
  const answers = await Promise.all(twice ? [send(), send()] : [send()]);
  for (const answer of answers) {
    judge(described, answer, figures);
    if (answer !== undefined && answer.status < 300 && answer.body?.data !== undefined) {
      world.learn(operation.operationId, ids, answer.body.data);
    }
  }
}

function optionsOf({ operation }: Described, ids: Ids, { receiver, random }: Calling) {
  const { parameters = [], requestBody } = operation;
  const takesKey = parameters.some(({ name }) => name === "Idempotency-Key");
  const example = bodyExample(requestBody) as object | undefined;
  const { leaseId } = ids;
  const url = operation.operationId === "createWebhook" ? receiver : undefined;
  const body = example && { ...example, ...(leaseId && { leaseId }), ...(url && { url }) };
  const raw = FILES[bodyKind(requestBody) ?? ""];
  return {
    ...(body && { body }),
    ...(raw && { raw }),
    ...(takesKey && random() < 0.5 && { headers: { "idempotency-key": randomUUID() } }),
  };
}

function judge({ operation }: Described, answer: Answer | undefined, figures: Figures): void {
  const { operationId, responses } = operation;
  if (answer === undefined) figures.unanswered++;
  else figures.answered(operationId, answer.status);
  if (answer === undefined || answer.status === 304) return;
  const isUndocumented = !(answer.status in responses) || answer.status === 500;
  if (isUndocumented)
    figures.violate("undocumented answers", operationId, answer.status, answer.body);
}
