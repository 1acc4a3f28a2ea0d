import { computed, signal } from "@preact/signals";
import { createClient } from "ocr-invoice-job-groups/client";
import { refusalOf, type Refusal, Unreachable } from "./refusal.ts";
import type { Success } from "./types.ts";

const STORED_AS = "api-key";

const stored = signal(sessionStorage.getItem(STORED_AS));

/** The key of this tab, kept until the tab is closed or signs out. */
export const apiKey = computed(() => stored.value);

/** The refusal that ended the last session, until the next one begins. */
export const endedBy = signal<Refusal | null>(null);

export const client = computed(() => createClient(location.origin, stored.value ?? ""));
export const groups = computed(() => client.value["ocr-invoice-job-group"]);

export function signIn(key: string): void {
  sessionStorage.setItem(STORED_AS, key);
  endedBy.value = null;
  stored.value = key;
}

export function signOut(why: Refusal | null = null): void {
  sessionStorage.removeItem(STORED_AS);
  endedBy.value = why;
  stored.value = null;
}

export type Connection = "connecting" | "live" | "lost";

/** The outcome of the latest request. */
export const connection = signal<Connection>("connecting");

interface Answered {
  readonly ok: boolean;
  readonly status: number;
  json(): Promise<unknown>;
  text(): Promise<string>;
}

/** The answer's body. Throws a Refusal or Unreachable; a key that is refused ends its session. */
export async function ask<R extends Answered>(request: Promise<R>): Promise<Success<R>> {
  const answer = await answered(request);
  return (await answer.json()) as Success<R>;
}

/** The answer itself, when it is a success or has a status that the caller `accepts`. */
export async function answered<R extends Answered>(
  request: Promise<R>,
  accepts?: number,
): Promise<R> {
  const key = stored.peek();
  const answer = await request.catch((error: unknown) => {
    if (isAbort(error)) throw error;
    connection.value = "lost";
    throw new Unreachable(error);
  });
  const done = answer.ok || answer.status === accepts;
  const refusal = done ? null : await refusalOf(answer);
  connection.value = refusal?.passes ? "lost" : "live";
  if (refusal === null) return answer;
  // An answer to a key that has been replaced meanwhile says nothing of the new one.
  if (answer.status === 401 && key === stored.peek()) signOut(refusal);
  throw refusal;
}

export const isAbort = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "AbortError";
