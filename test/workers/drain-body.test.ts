import { expect, test } from "vitest";
import { BASE, call } from "../support/workers/api.ts";

const CHUNK = new Uint8Array(64 * 1024).fill(0x20);
const MIB = 1024 * 1024;

/** A body that counts what is read of it, and tells when it is given up. `end` is what follows its last chunk. */
function body(chunks: number, end: "close" | "silence" = "close") {
  const seen = { bytes: 0, ended: false, cancelled: false };
  const raw = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (seen.bytes === chunks * CHUNK.length) {
          if (end === "silence") return new Promise(() => {});
          seen.ended = true;
          return controller.close();
        }
        seen.bytes += CHUNK.length;
        controller.enqueue(CHUNK);
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, raw };
}

test.for([
  ["over the limit", BASE, {}, 413],
  ["of a caller who is not known", BASE, { key: "nobody" }, 401],
  ["of nothing that is there", "/nowhere", {}, 404],
] as const)("a refused body %s is read to its end", async ([, path, options, status]) => {
  const { seen, raw } = body(17);
  expect((await call("POST", path, { raw, ...options })).status).toBe(status);
  expect(seen).toEqual({ bytes: 17 * CHUNK.length, ended: true, cancelled: false });
});

test("a refused body without an end is read for a bounded time and number of bytes", async () => {
  const endless = body(Infinity);
  expect((await call("POST", BASE, { raw: endless.raw })).status).toBe(413);
  expect(endless.seen).toMatchObject({ ended: false, cancelled: true });
  expect(endless.seen.bytes).toBeLessThanOrEqual(3 * MIB);

  const silent = body(2, "silence");
  expect((await call("POST", BASE, { raw: silent.raw })).status).toBe(413);
  expect(silent.seen).toMatchObject({ ended: false, cancelled: true });
});
