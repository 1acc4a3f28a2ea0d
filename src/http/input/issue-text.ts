import { z } from "@hono/zod-openapi";

type Issue = z.core.$ZodRawIssue;

const TYPES: Record<string, string> = {
  int: "a whole number",
  boolean: "true or false",
  array: "an array",
  object: "an object",
};
const FORMATS: Record<string, string> = {
  email: "an e-mail address such as name@example.com",
  url: "an absolute URL such as https://files.example.com/invoice.pdf",
  datetime: "a time with Z such as 2026-01-31T09:30:00Z",
};
const UNITS: Record<string, string> = { array: "item", set: "item", string: "character" };

/** The text of a fault. It says what would be right, and it continues a sentence that begins with the field's name. */
export function issueText(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "is required.";
      return `must be ${TYPES[issue.expected] ?? `a ${issue.expected}`}.`;
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.join(", ")}.`;
    case "too_small":
      return `must ${limit(issue.inclusive === false ? "above" : "at least", issue.minimum, issue.origin)}.`;
    case "too_big":
      return `must ${limit("at most", issue.maximum, issue.origin)}.`;
    case "invalid_format":
      return `must be ${FORMATS[issue.format] ?? `of the form ${issue.pattern}`}.`;
    case "unrecognized_keys":
      return `is not known here; ${allowedBy(issue.inst as z.ZodObject | undefined)}.`;
    case "custom":
    case "invalid_element":
    case "invalid_key":
    case "invalid_union":
    case "not_multiple_of":
      return undefined;
  }
}

function limit(bound: string, value: number | bigint, origin: string): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `be ${bound} ${value}`;
  return `have ${bound} ${value} ${unit}${value === 1 ? "" : "s"}`;
}

function allowedBy(object: z.ZodObject | undefined): string {
  const fields = Object.entries(object?.shape ?? {}).filter(([, field]) => !isIgnored(field));
  if (fields.length === 0) return "nothing is allowed";
  return `allowed: ${fields.map(([name]) => name).join(", ")}`;
}

/** `true` for a read-only field: it is accepted and ignored, so the advice does not name it. */
const isIgnored = (field: z.core.$ZodType): boolean =>
  field instanceof z.ZodOptional && field.unwrap() instanceof z.ZodUnknown;
