import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { GROUP_STATUSES } from "../../domain/group.ts";
import { JOB_STATUSES, UNSPECIFIED } from "../../domain/job.ts";
import { wholeNumber } from "../../http/shapes/fields.ts";
import { dataOf } from "../../http/shapes/envelope.ts";
import * as examples from "../examples.ts";
import { Counters } from "../groups/schema.ts";
import { jsonText } from "../../http/shapes/json-object.ts";
import { text } from "../../http/shapes/text.ts";
import { jobId, pages, cost, currency, confidence, errorCode, leaseId } from "./fields.ts";
import { NextLease } from "./lease-schema.ts";

const reported = {
  jobId,
  status: z.enum(JOB_STATUSES).openapi({ description: "State of the job." }),
  attempt: z.int().min(0).openapi({ description: "Number of attempts counted for the job." }),
  outcome: z.enum(["applied", "duplicate"]).openapi({
    description:
      "`duplicate`: this lease has reported the same outcome before, and nothing changed.",
  }),
  group: z.strictObject({ status: z.enum(GROUP_STATUSES), ...Counters }),
};

export const ReportResult = z
  .strictObject(reported)
  .openapi("ReportResult", { example: examples.REPORT });

const CompleteResult = z
  .strictObject({ ...reported, next: NextLease.optional() })
  .openapi("CompleteResult", { example: examples.REPORT });

export const CompleteResponse = dataOf(CompleteResult);

export const ReportResponse = dataOf(ReportResult);

export const CompleteBody = z
  .strictObject({
    leaseId,
    pages: pages.optional(),
    cost: cost.optional(),
    currency: currency.optional(),
    extractedData: jsonText(LIMITS.extractedDataCharacters).optional(),
    confidence: confidence.optional(),
    claimNext: z.boolean().default(false).openapi({
      description:
        "Also lease the group's next job to the same processor. The answer shows it as `next`.",
    }),
  })
  .openapi("CompleteJob", { example: examples.COMPLETE });

const retryAfterSeconds = wholeNumber(LIMITS.retryAfterSeconds);

export const FailBody = z
  .strictObject({
    leaseId,
    error: text(LIMITS.jobError).openapi({
      description: "Reason of the failure. The job shows it.",
    }),
    errorCode: errorCode.default(UNSPECIFIED),
    retryable: z.boolean().default(true).openapi({
      description: "`false` when another attempt cannot succeed; the job then fails for good.",
    }),
    retryAfterSeconds: retryAfterSeconds.optional().openapi({
      description: "Seconds to wait before a further attempt, in place of the back-off.",
    }),
    pages: pages.optional(),
    cost: cost.optional(),
    currency: currency.optional(),
  })
  .openapi("FailJob", { example: examples.FAIL });

export const ReleaseBody = z
  .strictObject({
    leaseId,
    retryAfterSeconds: retryAfterSeconds.default(0).openapi({
      description: "Seconds to wait before the job may be claimed again.",
    }),
    reason: text(LIMITS.label)
      .optional()
      .openapi({ description: "Reason of the release. The history of the job shows it." }),
  })
  .openapi("ReleaseJob", { example: examples.RELEASE });
