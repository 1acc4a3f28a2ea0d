/** The first segment of a body whose length nobody knows. Each further one is twice as long, up to the longest. */
const FIRST_BYTES = 256 * 1024;
const LONGEST_BYTES = 16 * 1024 * 1024;
const ZEROS = new Uint8Array(64 * 1024);

interface Segment {
  readonly name: string;
  /** The place of its first byte in the spool. */
  readonly start: number;
  readonly length: number;
}

interface OpenSegment extends Segment {
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly stored: Promise<unknown>;
  left: number;
}

/**
 * Bytes on their way into the bucket. R2 takes a stream only when its length is known, and the parts of its own multipart
 * upload must lie in memory, 5 MiB each. A spool takes bytes of any number and keeps none: it streams them into segments,
 * objects of a length fixed before, and fills the last one with zeros. What the bytes are is known when all of them are
 * there; then they are copied, inside the bucket, to where they belong.
 */
export class Spool {
  readonly #bucket: R2Bucket;
  readonly #prefix: string;
  /** No fewer bytes than will be written; `undefined` when nobody knows. */
  readonly #capacity: number | undefined;
  readonly #segments: Segment[] = [];
  #open: OpenSegment | undefined;
  #written = 0;

  constructor(bucket: R2Bucket, prefix: string, capacity: number | undefined) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#capacity = capacity;
  }

  /** The place of the next byte. */
  get position(): number {
    return this.#written;
  }

  /** The names of the objects that hold the bytes. */
  get names(): string[] {
    return this.#segments.map(({ name }) => name);
  }

  /** Resolves when the bucket takes more. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) {
      const segment = (this.#open ??= this.#next());
      const piece = bytes.subarray(from, from + segment.left);
      await segment.writer.write(piece);
      from += piece.length;
      segment.left -= piece.length;
      this.#written += piece.length;
      if (segment.left === 0) await this.#close(segment);
    }
  }

  /** Resolves when the bucket has everything. */
  async end(): Promise<void> {
    const segment = this.#open;
    if (segment === undefined) return;
    while (segment.left > 0) {
      const zeros = ZEROS.subarray(0, segment.left);
      await segment.writer.write(zeros);
      segment.left -= zeros.length;
    }
    await this.#close(segment);
  }

  /** The bytes of a stretch, as a stream of known length. */
  read(start: number, length: number): ReadableStream<Uint8Array> {
    const { readable, writable } = new FixedLengthStream(length);
    const copied = this.#copy(start, start + length, writable);
    // The reader of the stream gets the error too.
    copied.catch(() => undefined);
    return readable;
  }

  /** Ends a spool that nobody will read. A segment that is nearly full is ended in order: R2 logs one that breaks off. */
  async abort(): Promise<void> {
    const segment = this.#open;
    if (segment !== undefined && segment.left <= FIRST_BYTES) return this.end();
    this.#open = undefined;
    await segment?.writer.abort().catch(() => undefined);
    await segment?.stored.catch(() => undefined);
  }

  #next(): OpenSegment {
    const number = this.#segments.length;
    const length = this.#capacity ?? Math.min(FIRST_BYTES * 2 ** number, LONGEST_BYTES);
    const { readable, writable } = new FixedLengthStream(length);
    const name = `${this.#prefix}${String(number).padStart(2, "0")}`;
    const segment = { name, start: this.#written, length };
    this.#segments.push(segment);
    const stored = this.#bucket.put(name, readable);
    // A put that fails lets the next write fail.
    stored.catch(() => undefined);
    return { ...segment, writer: writable.getWriter(), stored, left: length };
  }

  async #close(segment: OpenSegment): Promise<void> {
    this.#open = undefined;
    await segment.writer.close();
    await segment.stored;
  }

  async #copy(start: number, end: number, to: WritableStream<Uint8Array>): Promise<void> {
    try {
      for (const segment of this.#segments) {
        const offset = Math.max(start, segment.start) - segment.start;
        const length = Math.min(end, segment.start + segment.length) - segment.start - offset;
        if (length <= 0) continue;
        const object = await this.#bucket.get(segment.name, { range: { offset, length } });
        if (object === null) throw new Error(`a segment of an upload is gone: ${segment.name}`);
        await object.body.pipeTo(to, { preventClose: true, preventAbort: true });
      }
      await to.close();
    } catch (error) {
      await to.abort(error);
      throw error;
    }
  }
}
