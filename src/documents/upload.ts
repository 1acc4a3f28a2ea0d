import { JOB_ID_SUFFIX_LENGTH } from "../domain/job.ts";
import { randomHex } from "../lib/hex.ts";
import { inParallel } from "../lib/in-parallel.ts";
import { CONTENT_TYPES, type StoredType } from "./document-type.ts";
import { DocumentReader, type IncomingDocument } from "./incoming-document.ts";
import { documentKey, objectName, ofUpload } from "./keys.ts";
import { Spool } from "./spool.ts";

/** Copies at once. A Worker may have six connections open. */
const COPIES = 4;
/** An upload that takes longer stores nothing. The sweep takes an upload for dead only long after. */
export const LONGEST_UPLOAD_MS = 30 * 60_000;

/** A document that may be stored: its name, and what its bytes have told. */
export interface NamedDocument extends IncomingDocument {
  readonly name: string;
  readonly type: StoredType;
}

/** An upload that took so long that the sweep might take it for dead. */
export class TooSlow extends Error {}

/**
 * One call that uploads documents. Its bytes lie in the spool until the jobs are committed, or refused: while they are there,
 * the sweep knows that an upload has not ended, and which documents it may have stored.
 */
export class Upload {
  /** Ends the ids of the jobs that it adds. */
  readonly uploadId = randomHex(JOB_ID_SUFFIX_LENGTH);
  readonly #bucket: R2Bucket;
  readonly #groupId: string;
  readonly #startedAt = Date.now();
  readonly #spool: Spool;
  #stored: readonly string[] = [];

  /** `bytes`: the length of the body; `undefined` when nobody knows. */
  constructor(bucket: R2Bucket, groupId: string, bytes: number | undefined) {
    this.#bucket = bucket;
    this.#groupId = groupId;
    const { uploadId } = this;
    const prefix = ofUpload({ groupId, uploadId, startedAt: this.#startedAt });
    this.#spool = new Spool(bucket, prefix, bytes);
  }

  /** Takes the next document. The one before must have ended. */
  next(): DocumentReader {
    return new DocumentReader(this.#spool);
  }

  /** Stores the documents where they are to stay. R2 checks each against its SHA-256. */
  async store(documents: readonly NamedDocument[]): Promise<void> {
    await this.#spool.end();
    this.#stored = documents.map((_, index) => documentKey(this.uploadId, index));
    await inParallel([...documents.entries()], COPIES, ([index, document]) =>
      this.#copy(documentKey(this.uploadId, index), document),
    );
    if (Date.now() - this.#startedAt > LONGEST_UPLOAD_MS) throw new TooSlow();
  }

  /** Ends an upload whose jobs are committed. Documents that no job of it has are removed. */
  async end(kept: (key: string) => boolean): Promise<void> {
    const redundant = this.#stored.flatMap((key) => (kept(key) ? [] : this.#nameOf(key)));
    if (redundant.length > 0) await this.#bucket.delete(redundant);
    if (this.#spool.names.length > 0) await this.#bucket.delete(this.#spool.names);
  }

  /** Ends an upload of which nothing is to stay. */
  async discard(): Promise<void> {
    await this.#spool.abort();
    await this.end(() => false);
  }

  readonly #nameOf = (key: string): string => objectName(this.#groupId, key);

  async #copy(key: string, { name, start, size, sha256, type }: NamedDocument): Promise<void> {
    await this.#bucket.put(this.#nameOf(key), this.#spool.read(start, size), {
      sha256,
      httpMetadata: { contentType: CONTENT_TYPES[type] },
      // Metadata are headers on their way.
      customMetadata: { name: encodeURIComponent(name) },
    });
  }
}
