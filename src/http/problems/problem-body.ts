import { z } from "@hono/zod-openapi";
import type { ProblemError } from "./problem-error.ts";
import { type ProblemCode, PROBLEMS, problemType } from "./problems.ts";

export function problemBody({ code, message, errors }: ProblemError, path: string, id: string) {
  const { status, title } = PROBLEMS[code];
  return {
    success: false as const,
    error: message,
    code,
    type: problemType(code),
    title,
    status,
    detail: message,
    instance: path,
    requestId: id,
    errors,
  };
}

export const Problem = z
  .strictObject({
    success: z.literal(false),
    error: z
      .string()
      .openapi({ description: "One sentence that says what is wrong. Equals `detail`." }),
    code: z
      .enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]])
      .openapi({ description: "Machine-readable code. Branch on it." }),
    type: z.string().openapi({ description: "Path of the page that explains the code." }),
    title: z.string().openapi({ description: "Meaning of the code." }),
    status: z.int().openapi({ description: "The answer's HTTP status." }),
    detail: z.string().openapi({ description: "Equals `error`." }),
    instance: z.string().openapi({ description: "The path that was called." }),
    requestId: z.string().openapi({ description: "Equals `x-request-id`." }),
    errors: z.array(
      z.strictObject({
        pointer: z
          .string()
          .optional()
          .openapi({ description: "JSON Pointer to the field in the body." }),
        parameter: z
          .string()
          .optional()
          .openapi({ description: "Name of the parameter in the query or the headers." }),
        detail: z.string().openapi({ description: "Says what is wrong or what is allowed." }),
      }),
    ),
  })
  .openapi("Problem");
