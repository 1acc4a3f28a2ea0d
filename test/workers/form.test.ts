import { expect, test } from "vitest";
import { readForm } from "../../src/documents/form.ts";
import { fileOf } from "../support/files.ts";
import { randomFrom } from "../support/random.ts";

const BOUNDARY = "XYZ";
const bytesOf = (text: string) => new TextEncoder().encode(text);
const HEADER = bytesOf(
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n`,
);

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** Beginnings of the delimiter, one behind the other: the parser must look at each. */
function nearlyDelimiters(length: number, random: () => number): Uint8Array {
  const delimiter = bytesOf(`\r\n--${BOUNDARY}`);
  const file = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const piece = delimiter.subarray(0, Math.min(1 + Math.floor(random() * 6), length - at));
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}

test("files come out of a form as they are, although each of its pieces is overwritten by the next", async () => {
  const random = randomFrom(7);
  const files = [0, 1, 20, 900, 9_000].flatMap((length) => [
    fileOf("pdf", length, length),
    nearlyDelimiters(length, random),
  ]);
  const parts = files.flatMap((file) => [HEADER, file, bytesOf("\r\n")]);
  const form = joined([...parts, bytesOf(`--${BOUNDARY}--\r\n`)]);
  async function* pieces(length: number) {
    const piece = new Uint8Array(length);
    for (let at = 0; at < form.length; at += length) {
      const part = form.subarray(at, at + length);
      piece.fill(0).set(part);
      yield piece.subarray(0, part.length);
    }
  }
  for (const length of [1, 7, 100, 1_000, form.length]) {
    const found: Uint8Array[][] = [];
    await readForm(`multipart/form-data; boundary=${BOUNDARY}`, pieces(length), () => {
      const taken: Uint8Array[] = [];
      found.push(taken);
      return {
        write: async (bytes) => void taken.push(Uint8Array.from(bytes)),
        end: () => undefined,
      };
    });
    expect(found.map(joined), `in pieces of ${length}`).toEqual(files);
  }
});
