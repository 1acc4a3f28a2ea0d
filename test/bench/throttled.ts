import { throttled } from "../unit/domain/throttled.ts";
import { table } from "./load.ts";

/** A throttled OCR service, simulated with the real rules: a 429 that is deferred beside one reported as failed. */
export const throttledService = (): string =>
  table(
    ["a 429 is", "completed", "failed", "attempts burnt", "calls refused", "most deferrals", "s"],
    (["release", "fail"] as const).map((answer) => {
      const { completed, failed, burnt, refusedCalls, mostDeferrals, seconds } = throttled(
        answer,
        1,
      );
      const how = answer === "release" ? "released for a second" : "failed";
      return [how, completed, failed, burnt, refusedCalls, mostDeferrals, seconds.toFixed(1)];
    }),
  );
