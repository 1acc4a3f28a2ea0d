import { createRoute, type z } from "@hono/zod-openapi";
import { documentKey } from "../../documents/keys.ts";
import type { Upload } from "../../documents/upload.ts";
import type { NewJob } from "../../domain/commands.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { AppContext } from "../../http/app-types.ts";
import { requires } from "../../http/auth/requires.ts";
import {
  IdempotencyHeader,
  idempotencyOf,
  REPLAYED_HEADER,
} from "../../http/headers/idempotency.ts";
import { operation } from "../../http/operation.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { created, dataOf, json } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { JOB_DETAILS } from "../examples.ts";
import { presentAdded } from "../jobs/present.ts";
import { AddedJobs } from "../jobs/schema.ts";
import { GroupParams } from "../params.ts";
import { send } from "../send-command.ts";
import { receiveForm, type UploadForm } from "./receive-form.ts";
import { runUpload } from "./run-upload.ts";

/** The form as callers of the typed client give it. */
export interface FormFields {
  file: File | File[];
  jobs?: string;
}

/** Not a schema of zod: the framework would read the whole form into memory to hold it against one. */
const FORM = {
  type: "object" as const,
  required: ["file"],
  properties: {
    file: {
      type: "array" as const,
      minItems: 1,
      maxItems: LIMITS.documentsPerUpload,
      items: { type: "string" as const, format: "binary" },
      description: "The files, each a part named `file` with its file name.",
    },
    jobs: {
      type: "string" as const,
      contentMediaType: "application/json",
      description:
        "JSON array of `{jobNumber?, metadata?}`, one for each file in their order, and no more than there are " +
        `files. At most ${LIMITS.addJobsBodyKib} KiB.`,
      example: JSON.stringify(JOB_DETAILS),
    },
  },
};

/** The typed client reads the fields off a schema of zod alone. */
const TYPED_FORM = FORM as unknown as z.ZodType<FormFields, FormFields>;

const route = createRoute({
  operationId: "uploadDocuments",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/documents",
  tags: ["Documents"],
  summary: "Upload documents",
  description:
    `Stores 1 to ${LIMITS.documentsPerUpload} files of together at most ${LIMITS.uploadMib} MiB and adds a job for each, ` +
    "all or none. The job's `documentName` is the file's name, without folders, and `documentType` what its bytes " +
    "are: PDF, PNG, JPEG, TIFF or BMP, whatever its name ends with. Another file, an empty one, and one that is two things " +
    "at once are refused. A `jobNumber` that the group already has is answered as `existing`, and its file is not kept. A " +
    "repeat under the same `Idempotency-Key` is one with the same names, bytes and `jobs`. Larger batches go up in several calls.",
  request: {
    params: GroupParams,
    query: NoQuery,
    headers: IdempotencyHeader,
    body: { required: true, content: { "multipart/form-data": { schema: TYPED_FORM } } },
  },
  ...requires("groups:write"),
  responses: {
    201: {
      ...json(dataOf(AddedJobs), "The jobs, in the order of the files."),
      headers: REPLAYED_HEADER,
    },
    ...refusals(
      "MALFORMED_FORM",
      "BODY_TOO_LARGE",
      "UNSUPPORTED_MEDIA_TYPE",
      "GROUP_NOT_FOUND",
      "GROUP_CANCELLED",
      "GROUP_FULL",
      "IDEMPOTENCY_KEY_REUSED",
      "STORAGE_LIMIT",
      "UPLOAD_TOO_SLOW",
      "DOCUMENTS_NOT_CONFIGURED",
    ),
  },
});

export const uploadDocuments = operation(route, async (c) => {
  const { id } = c.req.valid("param");
  const reply = await runUpload(c, id, {
    receive: (upload, pieces) => receiveForm(upload, formTypeOf(c), pieces),
    store: (upload, { documents }) => upload.store(documents),
    commit: (upload, form) => addJobs(c, id, upload, form),
  });
  return created(c, { data: presentAdded(reply) });
});

function formTypeOf(c: AppContext): string {
  const contentType = c.req.header("Content-Type") ?? "";
  if (/^multipart\/form-data\s*(?:;|$)/i.test(contentType)) return contentType;
  throw new ProblemError("UNSUPPORTED_MEDIA_TYPE", "Send the files as multipart/form-data.");
}

/** A job that this upload has added has an id that ends so. A file of any other is redundant. */
async function addJobs(c: AppContext, groupId: string, upload: Upload, form: UploadForm) {
  const { uploadId: idSuffix } = upload;
  const jobs = form.documents.map(({ name, type, size, sha256 }, index): NewJob => {
    const { jobNumber, metadata } = form.jobs[index] ?? {};
    return {
      documentName: name,
      documentUrl: null,
      documentType: type,
      jobNumber: jobNumber ?? null,
      metadata: metadata === undefined ? null : JSON.stringify(metadata),
      stored: { key: documentKey(idSuffix, index), size, sha256 },
    };
  });
  const said = [form.documents.map(({ name, sha256 }) => ({ name, sha256 })), form.jobs];
  const idempotency = await idempotencyOf(c, route.operationId, said);
  const reply = await send(c, groupId, { kind: "add", jobs, idSuffix }, idempotency);
  const kept = new Set(
    reply.jobs.flatMap(({ jobId }, index) =>
      jobId.endsWith(idSuffix) ? documentKey(idSuffix, index) : [],
    ),
  );
  return { result: reply, isKept: (key: string) => kept.has(key) };
}
