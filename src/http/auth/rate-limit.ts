import { configOf } from "../../config.ts";
import type { AppContext } from "../app-types.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { callWeight } from "./call-weights.ts";
import type { Principal } from "./principal.ts";

/** Counts a call of this network, for callers who are not known yet. */
export const countStranger = async (c: AppContext): Promise<void> => {
  const network = networkOf(c.req.header("cf-connecting-ip") ?? "");
  await admitted(count(configOf(c.env).rateLimiter, { key: `address:${network}` }));
};

/** An IPv6 customer has a whole /64, and so 2^64 addresses: they count as one. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.toLowerCase().split("::");
  const groups = (text: string) => text.split(":").filter(Boolean);
  const missing = 8 - groups(head).length - groups(tail).length;
  const whole = [
    ...groups(head),
    ...Array<string>(Math.max(0, missing)).fill("0"),
    ...groups(tail),
  ];
  const network = whole.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}

/**
 * Counts a call for its key, and by its weight for the workspace that all its keys share. Past either limit it is refused
 * with 429. Without the bindings nothing is limited.
 */
export async function countCall(c: AppContext, { keyId, workspace }: Principal): Promise<void> {
  const { rateLimiter, workspaceLimiter } = configOf(c.env);
  const delta = callWeight(c.get("operation"));
  await admitted(
    count(rateLimiter, { key: `key:${keyId}` }),
    count(workspaceLimiter, { key: `workspace:${workspace}`, delta }),
  );
}

const count = async (limiter: RateLimit | undefined, call: RateLimitOptions): Promise<boolean> =>
  (await limiter?.limit(call))?.success ?? true;

async function admitted(...counts: readonly Promise<boolean>[]): Promise<void> {
  if ((await Promise.all(counts)).includes(false)) throw new ProblemError("RATE_LIMITED");
}
