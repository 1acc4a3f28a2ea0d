import { createRoute } from "@hono/zod-openapi";
import { CONTENT_TYPES } from "../../documents/document-type.ts";
import { documentKey } from "../../documents/keys.ts";
import type { NamedDocument, Upload } from "../../documents/upload.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { AppContext } from "../../http/app-types.ts";
import { requires } from "../../http/auth/requires.ts";
import { operation } from "../../http/operation.ts";
import { invalid } from "../../http/problems/errors.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { dataOf, json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { primary } from "../../http/database.ts";
import { readDocument } from "../../store/read/document.ts";
import { showJob } from "../jobs/show-job.ts";
import { Job } from "../jobs/schema.ts";
import { JobParams } from "../params.ts";
import { send } from "../send-command.ts";
import { binary } from "./binary.ts";
import { documentFault } from "./document-fault.ts";
import { runUpload } from "./run-upload.ts";

const TYPES = ["application/octet-stream", ...Object.values(CONTENT_TYPES)];

const route = createRoute({
  operationId: "putDocument",
  method: "put",
  path: "/ocr-invoice-job-group/{id}/jobs/{jobId}/document",
  tags: ["Documents"],
  summary: "Store a job's document",
  description:
    `Stores the body, at most ${LIMITS.uploadMib} MiB, as the document of a job that has none and is not finished. What its ` +
    "bytes are decides on `documentType`; `Content-Type` is not asked. A job that has a document, stored here or at its " +
    "`documentUrl`, is refused with 409: a document is never replaced.",
  request: {
    params: JobParams,
    query: NoQuery,
    body: { required: true, content: binary(TYPES) },
  },
  ...requires("groups:write"),
  responses: {
    200: json(dataOf(Job), "The job with its document."),
    ...refusals(
      "BODY_TOO_LARGE",
      "UNSUPPORTED_MEDIA_TYPE",
      "GROUP_NOT_FOUND",
      "JOB_NOT_FOUND",
      "DOCUMENT_EXISTS",
      "JOB_FINISHED",
      "STORAGE_LIMIT",
      "UPLOAD_TOO_SLOW",
      "DOCUMENTS_NOT_CONFIGURED",
    ),
  },
});

export const putDocument = operation(route, async (c) => {
  const { id, jobId } = c.req.valid("param");
  await runUpload(c, id, {
    receive: (upload, pieces) => receive(c, id, jobId, upload, pieces),
    store: (upload, document) => upload.store([document]),
    commit: async ({ uploadId }, { type, size, sha256 }) => {
      const key = documentKey(uploadId, 0);
      const stored = { key, size, sha256 };
      await send(c, id, { kind: "attach", jobId, documentType: type, stored });
      return { result: null, isKept: () => true };
    },
  });
  return ok(c, { data: await showJob(primary(c), c.get("principal").workspace, id, jobId) });
});

/** The job is looked at first, so that no large body is taken for nothing. The commit decides. */
async function receive(
  c: AppContext,
  groupId: string,
  jobId: string,
  upload: Upload,
  pieces: AsyncIterable<Uint8Array>,
): Promise<NamedDocument> {
  const { workspace } = c.get("principal");
  const job = await readDocument(primary(c), workspace, groupId, jobId);
  if (job === undefined) {
    throw new ProblemError("JOB_NOT_FOUND", "The group has no job with this id.");
  }
  if (job.documentKey !== null) {
    throw new ProblemError("DOCUMENT_EXISTS", "The job has a document already.");
  }
  const reader = upload.next();
  for await (const piece of pieces) await reader.write(piece);
  const { type, ...document } = await reader.end();
  const detail = documentFault({ type, ...document });
  if (type === undefined || detail !== null) {
    throw invalid([{ pointer: "", detail: detail ?? "" }]);
  }
  return { ...document, type, name: job.documentName };
}
