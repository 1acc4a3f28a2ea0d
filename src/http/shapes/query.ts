import { LIMITS, type Range } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";

/** The query of an operation without parameters: every parameter is refused by name. */
export const NoQuery = z.strictObject({});

/** An integer in a query: plain decimal digits and nothing else. */
const integer = ({ min, max }: Range) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/, "must be a whole number in plain digits.")
    .transform(Number)
    .pipe(z.number().min(min).max(max));

export const queryInteger = ({ min, max }: Range) =>
  integer({ min, max }).optional().openapi({ type: "integer", minimum: min, maximum: max });

/** As `queryInteger`, with a default that is documented and applied. */
export const queryIntegerOr = (fallback: number, { min, max }: Range) =>
  integer({ min, max })
    .default(fallback)
    .openapi({ type: "integer", minimum: min, maximum: max, default: fallback });

const DEFAULT_PAGE = 50;

/** The `limit` of a list; `pageOffset` is its `offset`. */
export const pageLimit = queryIntegerOr(DEFAULT_PAGE, LIMITS.rowsPerPage).openapi({
  description: "Number of rows in a page.",
});

export const pageOffset = (max: number = LIMITS.offset) =>
  queryIntegerOr(0, { min: 0, max }).openapi({ description: "Number of rows to skip." });
