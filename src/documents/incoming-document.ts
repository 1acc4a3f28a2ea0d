import { hex } from "../lib/hex.ts";
import { HEAD_BYTES, type StoredType, TAIL_BYTES, typeOfBytes } from "./document-type.ts";
import type { Spool } from "./spool.ts";

/** A document that lies in the spool, as its bytes tell it. */
export interface IncomingDocument {
  readonly start: number;
  readonly size: number;
  readonly sha256: string;
  /** `undefined` when it is of no type that is taken. */
  readonly type: StoredType | undefined;
}

/** Takes the bytes of one document into the spool, and looks at them as they pass. */
export class DocumentReader {
  readonly #spool: Spool;
  readonly #digest = new crypto.DigestStream("SHA-256");
  readonly #hash = this.#digest.getWriter();
  #head = new Uint8Array();
  #tail = new Uint8Array();
  /** A document may be opened, and told to end, while bytes of another are written. Its own lie together. */
  #start: number | undefined;
  #size = 0;

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#start ??= this.#spool.position;
    this.#size += bytes.length;
    if (this.#head.length < HEAD_BYTES) {
      this.#head = joined(this.#head, bytes.subarray(0, HEAD_BYTES - this.#head.length));
    }
    this.#tail = joined(this.#tail, bytes.subarray(-TAIL_BYTES)).subarray(-TAIL_BYTES);
    await Promise.all([this.#hash.write(bytes), this.#spool.write(bytes)]);
  }

  async end(): Promise<IncomingDocument> {
    await this.#hash.close();
    return {
      start: this.#start ?? 0,
      size: this.#size,
      sha256: hex(new Uint8Array(await this.#digest.digest)),
      type: typeOfBytes(this.#head, this.#tail),
    };
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
