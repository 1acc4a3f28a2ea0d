import { createRoute, z } from "@hono/zod-openapi";
import { CONTENT_TYPES } from "../../documents/document-type.ts";
import { objectName } from "../../documents/keys.ts";
import type { AppContext } from "../../http/app-types.ts";
import { requiresOneOf } from "../../http/auth/requires.ts";
import { ETAG_HEADER, IfNoneMatch } from "../../http/headers/preconditions.ts";
import { operation } from "../../http/operation.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { primary } from "../../http/database.ts";
import { readDocument } from "../../store/read/document.ts";
import { groupExists } from "../../store/read/reads.ts";
import { FINISHED_JOB_ID } from "../examples.ts";
import { GroupParams } from "../params.ts";
import { groupNotFound } from "../send-command.ts";
import { answerDocument } from "./answer-document.ts";
import { binary } from "./binary.ts";
import { bucketOf } from "./bucket.ts";
import { isSigned } from "./signed-url.ts";

const DocumentParams = GroupParams.extend({
  jobId: z.string().openapi({
    param: { name: "jobId", in: "path" },
    description: "The id of a job whose document is stored here.",
    example: FINISHED_JOB_ID,
  }),
});

const ofSignedUrl = (description: string) =>
  z
    .string()
    .min(1)
    .optional()
    .openapi({ description: `${description} Part of a signed URL.` });

const Query = z.strictObject({
  document: ofSignedUrl("The document's key in the store."),
  expires: ofSignedUrl("End of the URL, in seconds of the epoch."),
  signature: ofSignedUrl("Proof that the URL is ours. It replaces the key."),
});

const bytes = (description: string, headers: object = {}) => ({
  description,
  headers: {
    ...ETAG_HEADER,
    "Content-Disposition": {
      description: "The name under which to save the file: the job's `documentName`.",
      schema: { type: "string" as const },
    },
    "Accept-Ranges": { description: "`bytes`.", schema: { type: "string" as const } },
    ...headers,
  },
  content: binary(Object.values(CONTENT_TYPES)),
});

const route = createRoute({
  operationId: "getDocument",
  method: "get",
  path: "/ocr-invoice-job-group/{id}/jobs/{jobId}/document",
  tags: ["Documents"],
  summary: "Get a job's document",
  description:
    "Answers the bytes of a document that is stored here, byte for byte as they were uploaded. The `ETag` is the document's " +
    "SHA-256. `Range` asks for one part of it. The `documentUrl` of a lease is this address with a signature in place of a " +
    "key: it opens this one document for as long as the attempt may last. A signature that is wrong or over gets a 401.\n\n" +
    "Scope: `groups:read` or `jobs:process`. None for a signed URL.",
  request: { params: DocumentParams, query: Query, headers: IfNoneMatch },
  ...requiresOneOf(["groups:read", "jobs:process"], isSigned),
  responses: {
    200: bytes("The document."),
    206: bytes("The part of the document that `Range` asks for.", {
      "Content-Range": {
        description: "The place of the part, and the size of the whole.",
        schema: { type: "string" as const },
      },
    }),
    304: { description: "The client's copy is the document.", headers: ETAG_HEADER },
    ...refusals(
      "SIGNATURE_REFUSED",
      "GROUP_NOT_FOUND",
      "JOB_NOT_FOUND",
      "DOCUMENT_NOT_FOUND",
      "RANGE_NOT_SATISFIABLE",
      "DOCUMENTS_NOT_CONFIGURED",
    ),
  },
});

export const getDocument = operation(route, async (c) => {
  const bucket = bucketOf(c);
  const { id, jobId } = c.req.valid("param");
  const { signature, document } = c.req.valid("query");
  // The signature covers the key.
  const key = signature === undefined ? await keyOf(c, id, jobId) : document;
  return answerDocument(c, bucket, objectName(id, key ?? ""));
});

async function keyOf(c: AppContext, groupId: string, jobId: string): Promise<string> {
  const { workspace } = c.get("principal");
  const db = primary(c);
  const job = await readDocument(db, workspace, groupId, jobId);
  if (job === undefined) {
    if (!(await groupExists(db, workspace, groupId))) throw groupNotFound();
    throw new ProblemError("JOB_NOT_FOUND", "The group has no job with this id.");
  }
  if (job.documentKey !== null) return job.documentKey;
  throw new ProblemError("DOCUMENT_NOT_FOUND", "No document of this job is stored here.");
}
