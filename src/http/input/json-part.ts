import type { z } from "@hono/zod-openapi";
import { LIMITS } from "../../domain/limits.ts";
import type { ProblemDetail } from "../problems/problem-error.ts";
import { alteredNumbers } from "./altered-numbers.ts";
import { isDeeper } from "./limits.ts";
import { faults, isInFreeForm } from "./validation.ts";

/** Parses a part of a form by the rules of a JSON body. `pointer` is the part's own. */
export async function parseJsonPart<Schema extends z.ZodType>(
  schema: Schema,
  bytes: Uint8Array,
  pointer: string,
): Promise<{ value: z.output<Schema> } | { errors: ProblemDetail[] }> {
  const refused = (detail: string) => ({ errors: [{ pointer, detail }] });
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (isDeeper(bytes, LIMITS.jsonDepth)) {
      return refused(`must be at most ${LIMITS.jsonDepth} levels deep.`);
    }
    json = JSON.parse(text);
  } catch {
    return refused("must be valid JSON in UTF-8.");
  }
  const { data, error } = await schema.safeParseAsync(json);
  const details = error === undefined ? [] : faults("json", error);
  const numbers = alteredNumbers(text)
    .filter((path) => isInFreeForm(schema, path))
    .map((path) => ({
      pointer: `/${path.join("/")}`,
      detail: "would be altered by a double: send it as a string.",
    }));
  const errors = [...details, ...numbers].map((fault) => ({
    ...fault,
    pointer: pointer + (fault.pointer ?? ""),
  }));
  return errors.length > 0 ? { errors } : { value: data as z.output<Schema> };
}
