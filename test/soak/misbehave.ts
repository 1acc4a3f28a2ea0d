import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { BASE } from "../support/client.ts";
import type { Calling } from "./caller.ts";

/** More than addJobs takes. */
const TOO_MUCH = Buffer.alloc(1_500_000, " ");
const IDLE_MS = 5_000;

/** Sends chunked bodies over the limit, whose length no header tells, and waits for the refusal. */
export async function refused(calling: Calling): Promise<void> {
  while (Date.now() < calling.until) {
    const group = calling.world.pick("group", calling.random);
    if (group !== undefined) {
      const sending = open(calling, "POST", `${BASE}/${group["id"]}/jobs`);
      sending.end(TOO_MUCH);
      const status = await statusOf(sending);
      if (status === 413) calling.figures.refusedBodies++;
      else if (status === undefined) calling.figures.unanswered++;
      else if (status !== 404) calling.figures.violate("undocumented answers", "addJobs", status);
    }
    await sleep(calling.random() * 2_000);
  }
}

/** Breaks connections off: in the middle of a body, and in the middle of an answer. */
export async function dropping(calling: Calling): Promise<void> {
  while (Date.now() < calling.until) {
    const id = calling.world.pick("group", calling.random)?.["id"] ?? "none";
    const upload = open(calling, "POST", `${BASE}/${id}/jobs`);
    upload.on("error", () => undefined).write('{"jobs":[');
    await sleep(calling.random() * 50);
    upload.destroy();
    const list = open(calling, "GET", `${BASE}/${id}/jobs`);
    list.on("error", () => undefined).end();
    await sleep(calling.random() * 50);
    list.destroy();
    calling.figures.droppedConnections += 2;
    await sleep(calling.random() * 2_000);
  }
}

/** Keeps one connection, and leaves it idle for as long as workerd keeps idle ones. */
export async function idle(calling: Calling): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (Date.now() < calling.until) {
    const asking = open(calling, "GET", BASE, agent);
    asking.end();
    const status = await statusOf(asking);
    // A connection may close in the moment in which it is used again: clients repeat such a request.
    if (status === undefined) calling.figures.unanswered++;
    else if (status !== 200)
      calling.figures.violate("undocumented answers", "listJobGroups", status);
    await sleep(IDLE_MS + calling.random() * 100);
    calling.figures.idleGaps++;
  }
  agent.destroy();
}

const open = ({ api }: Calling, method: string, path: string, agent?: Agent): ClientRequest =>
  request(api.url + path, {
    method,
    headers: { "api-key": api.key, "content-type": "application/json" },
    ...(agent && { agent }),
  });

/** `undefined` when the connection broke. */
const statusOf = (sent: ClientRequest): Promise<number | undefined> =>
  new Promise((resolve) => {
    sent.on("error", () => resolve(undefined));
    sent.on("response", (answer: IncomingMessage) => {
      answer.on("error", () => resolve(undefined));
      answer.on("end", () => resolve(answer.statusCode)).resume();
    });
  });
