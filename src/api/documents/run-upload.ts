import { TooSlow, Upload } from "../../documents/upload.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { AppContext } from "../../http/app-types.ts";
import { declaredLength } from "../../http/input/limits.ts";
import { streamBody } from "../../http/input/streamed-body.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { assertGroupExists } from "../send-command.ts";
import { bucketOf } from "./bucket.ts";

interface Steps<Received, Result> {
  /** Takes the body into the upload, and refuses what is wrong with it. */
  readonly receive: (upload: Upload, pieces: AsyncIterable<Uint8Array>) => Promise<Received>;
  /** Stores what is received. A failure leaves nothing. */
  readonly store: (upload: Upload, received: Received) => Promise<void>;
  /** Commits what is stored, and says which documents have a job now. */
  readonly commit: (upload: Upload, received: Received) => Promise<Committed<Result>>;
}

interface Committed<Result> {
  readonly result: Result;
  readonly isKept: (key: string) => boolean;
}

/**
 * Runs an upload: first the bytes, then the commit that makes their jobs. What is refused leaves nothing behind. After a
 * commit without an answer nobody knows whether there are jobs, so everything stays, and the sweep finds out.
 */
export async function runUpload<Received, Result>(
  c: AppContext,
  groupId: string,
  steps: Steps<Received, Result>,
): Promise<Result> {
  const bucket = bucketOf(c);
  await assertGroupExists(c, c.get("principal").workspace, groupId);
  const upload = new Upload(bucket, groupId, declaredLength(c.req.raw));
  let isAsked = false;
  try {
    const received = await streamBody(c, LIMITS.uploadMib, (pieces) =>
      steps.receive(upload, pieces),
    );
    await steps.store(upload, received);
    isAsked = true;
    const { result, isKept } = await steps.commit(upload, received);
    await finish(c, upload.end(isKept));
    return result;
  } catch (error) {
    const isRefused = error instanceof ProblemError && error.code !== "UNAVAILABLE";
    if (!isAsked || isRefused) await finish(c, upload.discard());
    throw error instanceof TooSlow ? new ProblemError("UPLOAD_TOO_SLOW") : error;
  }
}

/** Goes on when the caller hangs up. What it leaves is swept. */
async function finish(c: AppContext, work: Promise<void>): Promise<void> {
  const done = work.catch((error: unknown) =>
    console.error("an upload is left to the sweep", error),
  );
  c.executionCtx.waitUntil(done);
  await done;
}
