import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { init, type WrappedPdfiumModule } from "@embedpdf/pdfium";

/** The parts of the Emscripten runtime that its own types leave out. */
interface Runtime {
  HEAPU8: Uint8Array;
  HEAPF32: Float32Array;
  HEAPF64: Float64Array;
  HEAP32: Int32Array;
  wasmExports: { malloc(size: number): number; free(pointer: number): void };
  stringToUTF16(text: string, pointer: number, maxBytes: number): void;
}

/** PDFium in WebAssembly. Handles and pointers are numbers; what is opened must be closed. */
export type Pdfium = Omit<WrappedPdfiumModule, "pdfium"> & { pdfium: Runtime };

const require = createRequire(import.meta.url);
let loading: Promise<Pdfium> | undefined;

export function loadPdfium(): Promise<Pdfium> {
  loading ??= instantiate();
  return loading;
}

async function instantiate(): Promise<Pdfium> {
  const file = await readFile(require.resolve("@embedpdf/pdfium/pdfium.wasm"));
  const wasmBinary = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
  const pdfium = (await init({ wasmBinary })) as unknown as Pdfium;
  pdfium.PDFiumExt_Init();
  return pdfium;
}

/** Runs `use` with `size` bytes of PDFium's memory, which are free again afterwards. */
export function withMemory<T>({ pdfium }: Pdfium, size: number, use: (pointer: number) => T): T {
  const pointer = pdfium.wasmExports.malloc(Math.max(size, 1));
  if (pointer === 0) throw new RangeError(`PDFium has no ${size} bytes left`);
  try {
    return use(pointer);
  } finally {
    pdfium.wasmExports.free(pointer);
  }
}

/** Runs `use` with a copy of `bytes` in PDFium's memory. */
export function withBytes<T>(pdfium: Pdfium, bytes: Uint8Array, use: (pointer: number) => T): T {
  return withMemory(pdfium, bytes.length, (pointer) => {
    pdfium.pdfium.HEAPU8.set(bytes, pointer);
    return use(pointer);
  });
}

/** `count` 32-bit floats that a PDFium call writes behind pointers; null when the call reports failure. */
export function readFloats(
  pdfium: Pdfium,
  count: number,
  call: (...pointers: number[]) => boolean,
): number[] | null {
  return withMemory(pdfium, count * 4, (pointer) => {
    const pointers = Array.from({ length: count }, (_, index) => pointer + index * 4);
    if (!call(...pointers)) return null;
    return [...pdfium.pdfium.HEAPF32.subarray(pointer / 4, pointer / 4 + count)];
  });
}
