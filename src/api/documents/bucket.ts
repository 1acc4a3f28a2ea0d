import { configOf } from "../../config.ts";
import type { AppContext } from "../../http/app-types.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";

/** The bucket of the documents. A server without one refuses the operations that need it. */
export function bucketOf(c: AppContext): R2Bucket {
  const { documents } = configOf(c.env);
  if (documents !== undefined) return documents;
  const detail = "This server stores no documents: it has no bucket.";
  throw new ProblemError("DOCUMENTS_NOT_CONFIGURED", detail);
}
