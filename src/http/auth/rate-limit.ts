import { configOf } from "../../config.ts";
import type { AppContext } from "../app-types.ts";
import { ProblemError } from "../problems/problem-error.ts";
import type { KeyFormat } from "./key-format.ts";
import { callWeight } from "./call-weights.ts";
import type { Principal } from "./principal.ts";

/** Anyone can make up keys with a public checksum, as many as they like, and each costs a look-up. */
const LOOK_UPS: Readonly<Record<KeyFormat, number>> = { keyed: 1, public: 10 };

/** Counts a look-up of a key for this network, whose callers are not known yet. */
export const countLookUp = (c: AppContext, format: KeyFormat): Promise<void> =>
  admitted(count(configOf(c.env).strangerLimiter, { key: addressOf(c), delta: LOOK_UPS[format] }));

/** Counts a call of this network that needs no key. */
export const countStranger = (c: AppContext): Promise<void> =>
  admitted(count(configOf(c.env).rateLimiter, { key: addressOf(c) }));

const addressOf = (c: AppContext): string =>
  `address:${networkOf(c.req.header("cf-connecting-ip") ?? "")}`;

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
