import { configOf } from "../config.ts";
import { connect, type Db } from "../store/db.ts";
import { databasesOf } from "../store/shards.ts";
import { documentsOfUpload } from "../store/write/document-removals.ts";
import {
  INCOMING,
  objectName,
  ofUpload,
  ofUploadInGroup,
  uploadOf,
  type UploadKey,
} from "./keys.ts";
import { removeAll } from "./remove-all.ts";
import { finishRemovals } from "./removals.ts";
import { LONGEST_UPLOAD_MS } from "./upload.ts";

/** Age at which an upload that has not ended is dead. It may be committed for a while after its longest time. */
const ABANDONED_MS = 2 * LONGEST_UPLOAD_MS;
/** Uploads swept in one run. */
const UPLOADS_A_RUN = 50;
const PAGE = 1_000;

/** Removes bytes that have no job: documents of deleted jobs and groups, and what dead uploads have left. */
export async function tidy(env: Env, now: number): Promise<void> {
  const { documents: bucket } = configOf(env);
  if (bucket === undefined) return;
  const databases = databasesOf(env).map(connect);
  for (const db of databases) await finishRemovals(bucket, db);
  for (const upload of await deadUploads(bucket, now - ABANDONED_MS)) {
    await sweep(bucket, databases, upload).catch((error: unknown) =>
      console.error("upload not swept", upload.groupId, error),
    );
  }
}

/** The oldest uploads that have not ended. Names are listed in the order of their beginning, so a page has the oldest. */
async function deadUploads(bucket: R2Bucket, before: number): Promise<UploadKey[]> {
  const { objects } = await bucket.list({ prefix: INCOMING, limit: PAGE });
  const uploads = new Map<string, UploadKey>();
  for (const { key } of objects) {
    const upload = uploadOf(key);
    if (upload !== undefined && upload.startedAt < before) uploads.set(ofUpload(upload), upload);
  }
  return [...uploads.values()].slice(0, UPLOADS_A_RUN);
}

/** The upload's own bytes go last: as long as they are there, the next run begins anew. */
async function sweep(bucket: R2Bucket, databases: readonly Db[], upload: UploadKey): Promise<void> {
  const { groupId, uploadId } = upload;
  const prefix = objectName(groupId, ofUploadInGroup(uploadId));
  const { objects } = await bucket.list({ prefix, limit: PAGE });
  if (objects.length > 0) {
    // The name of an upload does not tell its workspace, and so not where its group lives.
    const kept = await Promise.all(databases.map((db) => documentsOfUpload(db, groupId, uploadId)));
    const isKept = (name: string) =>
      kept.some((keys) => keys.has(name.slice(objectName(groupId, "").length)));
    const orphans = objects.flatMap(({ key }) => (isKept(key) ? [] : key));
    if (orphans.length > 0) await bucket.delete(orphans);
  }
  await removeAll(bucket, ofUpload(upload));
}
