import { z } from "@hono/zod-openapi";

type Always<Shape> = {
  [Key in keyof Shape]: Shape[Key] extends z.ZodDefault<infer Inner> ? Inner : Shape[Key];
};

/** The shape of an answer made from that of a request: a field with a default is always present. */
export const always = <Shape extends z.ZodRawShape>(shape: Shape): Always<Shape> =>
  Object.fromEntries(
    Object.entries(shape).map(([key, field]) => [
      key,
      field instanceof z.ZodDefault ? field.unwrap() : field,
    ]),
  ) as Always<Shape>;
