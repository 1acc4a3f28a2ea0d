/**
 * A bucket in another process, as R2 is one: the simulator of R2 would share the memory and the thread of what is measured.
 * It has what uploads use of a bucket.
 */
export class DistantBucket {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async put(name: string, body: ReadableStream<Uint8Array>): Promise<void> {
    const { ok, status } = await fetch(this.#of(name), { method: "PUT", body });
    if (!ok) throw new Error(`${name} is not stored: ${status}`);
  }

  async get(name: string, { range }: { range: Range }): Promise<Response> {
    const { offset, length } = range;
    return fetch(this.#of(name), { headers: { range: `bytes=${offset}-${offset + length - 1}` } });
  }

  async delete(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => fetch(this.#of(name), { method: "DELETE" })));
  }

  #of(name: string): string {
    return new URL(name, this.#url).href;
  }
}

interface Range {
  readonly offset: number;
  readonly length: number;
}

/** The environment with its documents in the bucket whose URL is `BASE_URL`. */
export const withDistantBucket = (env: Env): Env => ({
  ...env,
  DOCUMENTS: new DistantBucket(env.BASE_URL) as unknown as R2Bucket,
});
