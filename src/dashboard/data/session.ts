import { effect, signal } from "@preact/signals";
import { apiKey, ask, client, signIn } from "./client.ts";
import type { Success } from "./types.ts";

type CurrentKey = Success<
  Awaited<ReturnType<(typeof client.value)["api-key"]["current"]["$get"]>>
>["data"];
export type Scope = CurrentKey["scopes"][number];

/** The API's answer about the key that is signed in. `null` until it has come. */
export const identity = signal<CurrentKey | null>(null);

/** `true` when the key has the scope: controls that need one it has not are not shown. */
export const may = (scope: Scope): boolean => identity.value?.scopes.includes(scope) ?? false;

/** `/dashboard#key=…` signs in. A fragment is never sent, and leaves the address bar at once. */
export function takeKeyFromFragment(): void {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key === null) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  signIn(key.trim());
}

export function followSession(): void {
  addEventListener("hashchange", takeKeyFromFragment);
  takeKeyFromFragment();
  effect(() => {
    const key = apiKey.value;
    identity.value = null;
    if (key !== null) void identify(key);
  });
}

const RETRY_MS = 2_000;

/** A refused key ends the session where it is refused; a server that is away is asked again. */
async function identify(key: string): Promise<void> {
  if (apiKey.peek() !== key) return;
  try {
    const { data } = await ask(client.peek()["api-key"].current.$get());
    if (apiKey.peek() === key) identity.value = data;
  } catch {
    if (apiKey.peek() === key) setTimeout(() => void identify(key), RETRY_MS);
  }
}
