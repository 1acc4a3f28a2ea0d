import { configOf } from "../../config.ts";
import { isValid, sign } from "../../documents/signature.ts";
import type { Lease } from "../../domain/replies.ts";
import type { AppContext } from "../../http/app-types.ts";
import { countStranger } from "../../http/auth/rate-limit.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";

/**
 * The URL under which the holder of a lease reads its stored document without a key, for as long as the attempt may last. It
 * has the origin of the request at hand. `undefined` on a server without a secret.
 */
export async function signedUrl(
  c: AppContext,
  { jobId, groupId, stored }: Pick<Lease, "jobId" | "groupId" | "stored">,
): Promise<string | undefined> {
  const { documentUrlSecret: secret } = configOf(c.env);
  if (secret === undefined || stored === undefined) return undefined;
  const { key, attemptEndsAt } = stored;
  const expires = Math.ceil(attemptEndsAt / 1000);
  const signature = await sign(secret, { groupId, jobId, key, expires });
  const url = new URL(`/ocr-invoice-job-group/${groupId}/jobs/${jobId}/document`, c.req.url);
  url.search = new URLSearchParams({
    document: key,
    expires: String(expires),
    signature,
  }).toString();
  return url.href;
}

/** `false` for a request without a signature. One whose signature is wrong or over is refused. */
export async function isSigned(c: AppContext): Promise<boolean> {
  const query = new URL(c.req.url).searchParams;
  const signature = query.get("signature");
  if (signature === null) return false;
  c.header("Cache-Control", "private, no-cache");
  const { documentUrlSecret: secret } = configOf(c.env);
  const signed = {
    groupId: c.req.param("id") ?? "",
    jobId: c.req.param("jobId") ?? "",
    key: query.get("document") ?? "",
    expires: Number(query.get("expires") ?? Number.NaN),
  };
  if (secret === undefined || !(await isValid(secret, signed, signature, Date.now()))) {
    throw new ProblemError(
      "SIGNATURE_REFUSED",
      "The signature of this URL is wrong, or its time is over.",
    );
  }
  await countStranger(c);
  return true;
}
