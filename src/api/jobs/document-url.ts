import { z } from "@hono/zod-openapi";
import { LIMITS } from "../../domain/limits.ts";
import { textFault } from "../../http/shapes/text.ts";

/** A browser that opens one of these runs it, and a processor that opens `file` reads its own disk. */
const UNSAFE = ["javascript", "vbscript", "data", "blob", "file"];

/** Only processors open it, so any scheme that names a place will do. */
export const documentUrl = z
  // zod's own `url()` would take tabs and line ends out of the text, and blanks from its ends.
  .string()
  .max(LIMITS.url)
  .regex(
    // Blanks and control characters are in no URI, though browsers take them.
    // oxlint-disable-next-line no-control-regex
    /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s\u0000-\u001F\u007F]*$/,
    "must be an absolute URL such as https://… or s3://…, with %20 for a blank.",
  )
  .refine((url) => URL.canParse(url), "must be a URL.")
  .refine(
    (url) => !UNSAFE.includes(schemeOf(url)),
    `must not have the scheme ${UNSAFE.join(", ")}.`,
  )
  .refine((url) => textFault(url) === null, "must be without NUL and half surrogate pairs.")
  .openapi({
    format: "uri",
    description:
      "URL from which processors fetch the document: any absolute URL, such as `https://…`, `s3://…` or `gs://…`. This " +
      `API never opens it. Refused are the schemes ${UNSAFE.map((scheme) => `\`${scheme}\``).join(", ")}.`,
  });

const schemeOf = (url: string): string => url.slice(0, url.indexOf(":")).toLowerCase();
