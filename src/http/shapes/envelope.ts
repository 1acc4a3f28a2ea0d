import { z } from "@hono/zod-openapi";

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
