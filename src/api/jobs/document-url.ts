import { z } from "@hono/zod-openapi";
import { LIMITS } from "../../domain/limits.ts";
import { textFault } from "../../http/shapes/text.ts";

/** A browser that opens one of these runs it, and a processor that opens `file` reads its own disk. */
const UNSAFE = ["javascript", "vbscript", "data", "blob", "file"];

/** Only processors open it, so any scheme that names a place will do. */
export const documentUrl = z
  .url()
  .max(LIMITS.url)
  .regex(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, "must be an absolute URL such as https://… or s3://….")
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
