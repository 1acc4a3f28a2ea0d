/**
 * The names of objects in the bucket. A document is `documents/<group>/<upload>-<number>`; its job keeps the last part
 * as its key. Numbers have two digits, so that no key begins another.
 */
export const documentKey = (uploadId: string, index: number): string =>
  `${ofUploadInGroup(uploadId)}${String(index).padStart(2, "0")}`;

/** The beginning of the keys of all documents of an upload. */
export const ofUploadInGroup = (uploadId: string): string => `${uploadId}-`;

/** The name of a document. With a key's beginning it is that of all names with that beginning. */
export const objectName = (groupId: string, key: string): string => `documents/${groupId}/${key}`;

/** All that is uploaded begins with this, in the order of its beginning. */
export const INCOMING = "incoming/";

/** One call that uploads documents to a group. */
export interface UploadKey {
  readonly groupId: string;
  readonly uploadId: string;
  readonly startedAt: number;
}

const TIME_DIGITS = 13;

export const ofUpload = ({ startedAt, groupId, uploadId }: UploadKey): string =>
  `${INCOMING}${String(startedAt).padStart(TIME_DIGITS, "0")}/${groupId}/${uploadId}/`;

/** The upload that an object belongs to; `undefined` for an object that is not ours. */
export function uploadOf(name: string): UploadKey | undefined {
  const [, startedAt, groupId, uploadId] =
    /^incoming\/(\d{13})\/([0-9a-f]+)\/([0-9a-f]+)\//.exec(name) ?? [];
  if (startedAt === undefined || groupId === undefined || uploadId === undefined) return undefined;
  return { startedAt: Number(startedAt), groupId, uploadId };
}
