import { configOf } from "../../config.ts";
import type { AppContext } from "../app-types.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** Counts a call of this network, for callers who are not known yet. */
export const countStranger = (c: AppContext): Promise<void> =>
  countCall(c, `address:${networkOf(c.req.header("cf-connecting-ip") ?? "")}`);

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

/** Counts a call of this caller and refuses it with 429 past the limit. Without RATE_LIMITER nothing is limited. */
export async function countCall(c: AppContext, caller: string): Promise<void> {
  const { rateLimiter } = configOf(c.env);
  const { success } = (await rateLimiter?.limit({ key: caller })) ?? { success: true };
  if (!success) throw new ProblemError("RATE_LIMITED");
}
