const bytes = (...parts: (string | number[])[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? Array.from(part, (c) => c.charCodeAt(0)) : part,
    ),
  );

/** The beginning of a file of each type, long enough to be told. */
export const HEADS = {
  pdf: bytes("%PDF-1.7\n%\u00E2\u00E3\u00CF\u00D3\n"),
  png: bytes("\u0089PNG\r\n\u001A\n"),
  jpeg: bytes("\u00FF\u00D8\u00FF\u00E0"),
  tiff: bytes("II*\0"),
  bmp: bytes("BM", [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0]),
  zip: bytes("PK\u0003\u0004"),
} as const;

/** A file of a type and a length whose bytes depend on the seed. */
export function fileOf(
  type: keyof typeof HEADS,
  length = 1_000,
  seed = 0,
): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(length);
  let state = seed + 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    file[at] = state >>> 24;
  }
  file.set(HEADS[type].subarray(0, length));
  return file;
}

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export function formOf(files: readonly NamedFile[], jobs?: unknown): FormData {
  const form = new FormData();
  for (const { name, bytes } of files) form.append("file", new Blob([bytes]), name);
  if (jobs !== undefined) form.append("jobs", JSON.stringify(jobs));
  return form;
}

export async function sha256(file: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", file));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
