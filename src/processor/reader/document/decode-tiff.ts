import UTIF from "utif2";
import { Unreadable } from "../../errors.ts";
import type { GrayImage } from "../picture/gray-image.ts";
import type { Size } from "./image-size.ts";

const WIDTH = "t256";
const HEIGHT = "t257";

/** The pages of a TIFF, one after the other: faxes and scanners write several into one file. */
export function* decodeTiff(
  bytes: Uint8Array,
  maxPages: number,
  check: (size: Size) => Size,
): Generator<GrayImage> {
  const file = bytes.slice().buffer;
  const pages = attempt(() => UTIF.decode(file)).filter((page) => page[WIDTH] !== undefined);
  if (pages.length === 0) throw damaged();
  if (pages.length > maxPages)
    throw new Unreadable({
      errorCode: "too_many_pages",
      message: `${pages.length} pages, ${maxPages} are read`,
    });
  for (const page of pages) {
    check({ width: firstOf(page[WIDTH]), height: firstOf(page[HEIGHT]) });
    const rgba = attempt(() => {
      UTIF.decodeImage(file, page);
      return UTIF.toRGBA8(page);
    });
    yield toGray(rgba, { width: page.width, height: page.height });
  }
}

function toGray(rgba: Uint8Array, { width, height }: Size): GrayImage {
  if (rgba.length < width * height * 4) throw damaged();
  const data = new Uint8Array(width * height);
  for (let at = 0; at < data.length; at += 1)
    data[at] =
      (rgba[at * 4] ?? 0) * 0.299 +
      (rgba[at * 4 + 1] ?? 0) * 0.587 +
      (rgba[at * 4 + 2] ?? 0) * 0.114;
  return { width, height, data };
}

/** The decoder throws whatever a wrong byte leads it to. */
function attempt<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw new Unreadable({
      errorCode: "damaged_document",
      message: `the TIFF cannot be decoded: ${String(error)}`,
    });
  }
}

function firstOf(values: unknown): number {
  return Array.isArray(values) ? Number(values[0]) : 0;
}

function damaged(): Unreadable {
  return new Unreadable({ errorCode: "damaged_document", message: "the TIFF has no pictures" });
}
