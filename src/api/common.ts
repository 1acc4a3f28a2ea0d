import { z } from "@hono/zod-openapi";
import { GROUP_ID, JOB_ID } from "./examples.ts";

export const isId = (id: string): boolean => /^[0-9a-f]{24}$/.test(id);

export const GroupParams = z.object({
  id: z.string().openapi({
    param: { name: "id", in: "path" },
    description: "The group's id: 24 lower-case hex characters.",
    example: GROUP_ID,
  }),
});

export const JobParams = GroupParams.extend({
  jobId: z.string().openapi({
    param: { name: "jobId", in: "path" },
    description: "The job's id: 24 lower-case hex characters.",
    example: JOB_ID,
  }),
});

/** Operations refuse query parameters they do not know; this one knows none. */
export const NoQuery = z.strictObject({});

/** An integer in a query: plain decimal digits and nothing else. */
export const queryInteger = (minimum: number, maximum: number, fallback?: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/, "must be a whole number in plain digits.")
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum))
    .optional()
    .openapi({
      type: "integer",
      minimum,
      maximum,
      ...(fallback === undefined ? {} : { default: fallback }),
    });

export const dateTime = (description: string) =>
  z.string().openapi({ format: "date-time", description, example: "2026-01-15T09:30:00.000Z" });

export const count = (description: string) => z.int().min(0).openapi({ description });

export const success = z.literal(true);

/** The envelope of an answer with this `data`. */
export const dataOf = <S extends z.ZodType>(data: S) => z.strictObject({ success, data });

export const Done = z.strictObject({ success, message: z.string() }).openapi("Done");

/** A 200-class response with a JSON body. Without an example it shows the schema's own. */
export const json = <S extends z.ZodType>(schema: S, description: string, example?: object) => ({
  description,
  content: { "application/json": { schema, ...(example && { example }) } },
});

/** The example of an answer with this `data`. */
export const answer = (data: object) => ({ success: true, data });

/** A required JSON body. */
export const body = <S extends z.ZodType>(schema: S, example?: object) => ({
  required: true as const,
  content: { "application/json": { schema, ...(example && { example }) } },
});

type Always<Shape> = {
  [Key in keyof Shape]: Shape[Key] extends z.ZodDefault<infer Inner> ? Inner : Shape[Key];
};

/** In an answer, what has a default in a request is always there. */
export const always = <Shape extends z.ZodRawShape>(shape: Shape): Always<Shape> =>
  Object.fromEntries(
    Object.entries(shape).map(([key, field]) => [
      key,
      field instanceof z.ZodDefault ? field.unwrap() : field,
    ]),
  ) as Always<Shape>;
