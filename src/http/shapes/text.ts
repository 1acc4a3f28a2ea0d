import { z } from "@hono/zod-openapi";

/** `\x00` is the spelling that the regular expressions of all languages know. */
export const NO_NUL = String.raw`^[^\x00]*$`;

/** A string of `min` to `max` code points that UTF-8 and SQLite keep exactly as it was sent. */
export const text = (max: number, min = 1) =>
  z
    .string()
    .superRefine((value, context) => {
      if (isLonger(value, max)) context.addIssue(`must have at most ${max} characters.`);
      if (value.length < min) context.addIssue(`must have at least ${min} character.`);
      const fault = textFault(value);
      if (fault !== null) context.addIssue(fault);
    })
    .openapi({ minLength: min, maxLength: max, pattern: NO_NUL });

/** The reason why a string could not be answered as it was sent; `null` when it can. */
export function textFault(value: string): string | null {
  if (value.includes("\0")) return "must not contain the NUL character.";
  return value.isWellFormed() ? null : "must not contain half a surrogate pair.";
}

/** Compares the length in code points. The cheaper count of UTF-16 units is tried first. */
export const isLonger = (value: string, max: number): boolean =>
  value.length > max && Array.from(value).length > max;
