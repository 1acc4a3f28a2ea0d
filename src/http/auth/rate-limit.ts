import { configOf } from "../../config.ts";
import type { AppContext } from "../app-types.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** Counts a call of this caller and refuses it with 429 past the limit. Without RATE_LIMITER nothing is limited. */
export async function countCall(c: AppContext, caller: string): Promise<void> {
  const { rateLimiter } = configOf(c.env);
  const { success } = (await rateLimiter?.limit({ key: caller })) ?? { success: true };
  if (!success) throw new ProblemError("RATE_LIMITED");
}
