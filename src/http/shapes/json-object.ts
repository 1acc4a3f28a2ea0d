import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { isLonger, textFault } from "./text.ts";

const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A free-form JSON object, answered exactly as it was sent. Its numbers are checked in the JSON text
 * (`validation.ts`): a parser has rounded them by now.
 */
export const jsonObject = (maxCharacters: number) =>
  z
    .custom<Record<string, unknown>>(isObject, "must be an object.")
    .superRefine((value, context) => {
      if (isObject(value)) textOf(value, maxCharacters, context);
    })
    .openapi(documented(maxCharacters));

/** A free-form JSON object in a request, of which the handler gets the JSON text. */
export const jsonText = (maxCharacters: number) =>
  z
    .custom<Record<string, unknown>>(isObject, "must be an object.")
    .transform((value, context) => textOf(value, maxCharacters, context))
    .openapi(documented(maxCharacters));

const documented = (maxCharacters: number) => ({
  type: "object" as const,
  additionalProperties: true,
  description: `Free-form object of at most ${maxCharacters} characters as JSON and ${LIMITS.objectDepth} levels deep.`,
});

function textOf(
  value: Record<string, unknown>,
  maxCharacters: number,
  context: z.RefinementCtx,
): string {
  const fault = objectFault(value);
  // A value nested too deep is not serialised: that would exhaust the stack.
  const json = fault === null ? JSON.stringify(value) : "";
  if (fault !== null) context.addIssue(fault);
  else if (isLonger(json, maxCharacters)) {
    context.addIssue(`must have at most ${maxCharacters} characters as JSON.`);
  }
  return json;
}

/** Walks level by level instead of recursing, because deep nesting could exhaust the stack. */
function objectFault(root: Record<string, unknown>): string | null {
  let level: unknown[] = [root];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > LIMITS.objectDepth) return `must be at most ${LIMITS.objectDepth} levels deep.`;
    const below: unknown[] = [];
    for (const value of level) {
      const keys = isObject(value) ? Object.keys(value) : [];
      const forbidden = keys.find((key) => FORBIDDEN_KEYS.has(key));
      if (forbidden !== undefined) return `must not have a key named ${forbidden}.`;
      const children = Object.values(value as object) as unknown[];
      const texts = [...keys, ...children.filter((child) => typeof child === "string")];
      const fault = texts.map(textFault).find((found) => found !== null);
      if (fault !== undefined) return fault;
      for (const child of children)
        if (typeof child === "object" && child !== null) below.push(child);
    }
    level = below;
  }
  return null;
}
