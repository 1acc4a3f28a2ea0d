import { configOf } from "../../config.ts";
import type { AppContext } from "../app-types.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** Counts a call of this caller; refuses it with 429 when there were too many. Unlimited when not bound. */
export async function countCall(c: AppContext, caller: string): Promise<void> {
  const { rateLimiter } = configOf(c.env);
  const { success } = (await rateLimiter?.limit({ key: caller })) ?? { success: true };
  if (!success) throw new ProblemError("RATE_LIMITED");
}
