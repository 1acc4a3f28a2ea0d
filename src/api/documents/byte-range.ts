export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * The bytes that a `Range` header asks for, of so many. `undefined` stands for all of them: without a header, for several
 * ranges, and for a header of another form, which RFC 9110 has ignored. `null` when the range lies beyond the end.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | null | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || first + last === "") return undefined;
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? null : { offset: size - length, length };
  }
  const offset = Number(first);
  if (last !== "" && Number(last) < offset) return undefined;
  if (offset >= size) return null;
  const end = last === "" ? size : Math.min(Number(last) + 1, size);
  return { offset, length: end - offset };
}
