import { z } from "@hono/zod-openapi";

/** Operations refuse query parameters they do not know; this one knows none. */
export const NoQuery = z.strictObject({});

/** An integer in a query: plain decimal digits and nothing else. */
const integer = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/, "must be a whole number in plain digits.")
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));

export const queryInteger = (minimum: number, maximum: number) =>
  integer(minimum, maximum).optional().openapi({ type: "integer", minimum, maximum });

/** As `queryInteger`; when it is left out the handler gets the documented default. */
export const queryIntegerOr = (fallback: number, minimum: number, maximum: number) =>
  integer(minimum, maximum)
    .default(fallback)
    .openapi({ type: "integer", minimum, maximum, default: fallback });
