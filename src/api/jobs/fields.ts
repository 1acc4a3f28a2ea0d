import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { DOCUMENT_TYPES } from "../../domain/job.ts";
import { decimal, wholeNumber } from "../../http/shapes/fields.ts";
import * as examples from "../examples.ts";
import { jsonObject } from "../../http/shapes/json-object.ts";
import { text } from "../../http/shapes/text.ts";
import { documentUrl } from "./document-url.ts";

export const document = {
  documentName: text(LIMITS.documentName).openapi({ description: "Name of the document." }),
  documentUrl: documentUrl.optional(),
  documentType: z.enum(DOCUMENT_TYPES).optional().openapi({ description: "Type of the file." }),
};

/** Present for documents that are stored here. */
export const stored = {
  documentSize: z.int().min(1).optional().openapi({
    description: "Bytes of the stored document. Absent for a document that is elsewhere.",
  }),
  documentSha256: z.string().optional().openapi({
    description: "SHA-256 of the stored document, in lower-case hex.",
  }),
};

export const jobId = z
  .string()
  .openapi({ description: "24 lower-case hex characters.", example: examples.JOB_ID });

export const groupId = z
  .string()
  .openapi({ description: "Id of the job's group.", example: examples.GROUP_ID });

export const jobNumber = text(LIMITS.label).openapi({
  description: "Your own number, unique in the group.",
});

export const metadata = jsonObject(LIMITS.metadataCharacters);

export const pages = wholeNumber(LIMITS.pagesPerJob).openapi({
  description: "Number of pages read.",
});

export const cost = decimal()
  .min(LIMITS.cost.min)
  .max(LIMITS.cost.max)
  .openapi({ description: "Cost of this attempt, with at most six decimals." });

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as USD.")
  .openapi({ description: "ISO 4217 code." });

export const confidence = z
  .number()
  .min(0)
  .max(1)
  .openapi({ description: "Confidence of the reading, from 0 to 1." });

export const attempt = z.int().min(1).openapi({ description: "Number of the attempt, from 1." });

export const errorCode = z
  .string()
  .regex(new RegExp(`^[a-z0-9_.-]{1,${LIMITS.errorCode}}$`))
  .openapi({
    description:
      `1 to ${LIMITS.errorCode} of \`a-z\`, \`0-9\`, \`_\`, \`.\` and \`-\`. A time-out has the code ` +
      "`timeout`, an attempt that was deferred too often `deferred_too_often`.",
    example: examples.FAIL.errorCode,
  });

export const leaseId = text(LIMITS.label).openapi({
  description: "The `leaseId` from the answer of the claim.",
});

export const heartbeatSeconds = wholeNumber(LIMITS.heartbeatSeconds).openapi({
  description:
    "Longest silence of the processor. A lease ends so long after its last heartbeat, the claim being the " +
    "first, and after `timeoutMinutes` at the latest. Without it a lease needs no heartbeats.",
});
