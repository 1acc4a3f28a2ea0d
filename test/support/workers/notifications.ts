import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { BASE, claim, data, type Json, newGroup, settle } from "./api.ts";
import { database } from "./database.ts";

export const URL = "https://hooks.example.com/invoices";
export const SECOND = 1_000;
export const DELAYS = [30, 300, 1_800, 7_200, 21_600, 57_600];

export interface Message {
  readonly id: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly text: string;
}

export const status = (code: number) => () => new Response(null, { status: code });

/** Answers with 204 as soon as it is open. */
export function gate() {
  const state = { isOpen: false };
  const answer = async () => {
    while (!state.isOpen) await scheduler.wait(5);
    return new Response(null, { status: 204 });
  };
  return { answer, open: () => (state.isOpen = true) };
}

/** Stands in for the receiver of every webhook; keeps what was sent to it. */
export function receiver(answer: (message: Message, nth: number) => Response | Promise<Response>) {
  const messages: Message[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
    const headers = init?.headers as Record<string, string>;
    const [id = "", text] = [headers["webhook-id"], init?.body as string];
    expect(init?.redirect).toBe("manual");
    const message = { id, url: url as string, headers, text };
    return answer(message, messages.push(message) - 1);
  });
  return messages;
}

export const stopClock = () => vi.useFakeTimers({ toFake: ["Date"] });
export const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * SECOND);
export const stubOf = (group: string) => env.GROUP_COORDINATOR.getByName(group);
export const subscribe = (fields: object = {}): Promise<Json> =>
  data("POST", "/webhook", { url: URL, ...fields });
export const notificationsOf = (group: string, query = ""): Promise<Json[]> =>
  data("GET", `${BASE}/${group}/notifications${query}`);

/** A group of one job that ends, by default completed. */
export async function endedGroup(
  how: "complete" | "fail" = "complete",
  fields: Record<string, unknown> = {},
) {
  const group = await newGroup(1, fields);
  const [lease] = await claim(group, 1);
  await settle(group, lease, how, how === "fail" ? { error: "unreadable", retryable: false } : {});
  return group;
}

/** Waits until the one notification of a group is as told. */
export const become = (group: string, notification: object) =>
  expect.poll(() => notificationsOf(group)).toMatchObject([notification]);

export const verified = ({ secret }: Json, { text, headers }: Message): Json =>
  new Webhook(secret).verify(text, headers);

/** Nothing is left of a test's webhooks: an alarm that goes off later finds nothing to send. */
export function startAnew(): void {
  beforeEach(() => {
    vi.spyOn(console, "error").mockReturnValue();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.useRealTimers();
    await database.exec("DELETE FROM webhook\nDELETE FROM delivery");
  });
}
