import type { Schema } from "@cfworker/json-schema";
import fc from "fast-check";
import { NO_NUL } from "../../../src/http/shapes/text.ts";
import { spec } from "./spec.ts";

const MICRO = 1_000_000;
const FORBIDDEN_KEY = /"(__proto__|constructor|prototype)":/;
const json = fc
  .jsonValue({ maxDepth: 3 })
  .filter((value) => !FORBIDDEN_KEY.test(JSON.stringify(value)));

/** Values that a schema of the spec admits. */
export function valid(schema: Schema): fc.Arbitrary<unknown> {
  const { $ref, type, properties, items } = schema;
  if ($ref !== undefined) return valid(named($ref));
  if (schema.enum !== undefined) return fc.constantFrom(...(schema.enum as unknown[]));
  if (type === undefined) return json;
  if (type === "boolean") return fc.boolean();
  if (type === "integer") return fc.integer(bounds(schema));
  if (type === "number") {
    const { min, max } = bounds(schema);
    return fc.integer({ min: min * MICRO, max: max * MICRO }).map((micros) => micros / MICRO);
  }
  if (type === "string") return text(schema);
  if (type === "array") {
    const size = { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 3, 3) };
    const item = valid(items as Schema);
    return schema.uniqueItems === true ? fc.uniqueArray(item, size) : fc.array(item, size);
  }
  if (type !== "object") throw new Error(`no values for ${JSON.stringify(schema)}`);
  if (properties === undefined) return fc.record({ free: json, "key ": json, "": json });
  const fields = Object.entries(properties).map(([key, field]) => [key, valid(field as Schema)]);
  const requiredKeys = schema.required ?? [];
  return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys,
  });
}

/** Arbitraries of which each breaks a schema in one place and one way; none where nothing can be wrong. */
export function broken(schema: Schema): fc.Arbitrary<unknown>[] {
  const { $ref, type } = schema;
  if ($ref !== undefined) return broken(named($ref));
  if (type === undefined) return [];
  const wrong = wrongValues(schema).map((value) => fc.constant(value));
  if (type === "array") return [...wrong, ...brokenItems(schema)];
  return type === "object" ? [...wrong, ...brokenFields(schema)] : wrong;
}

function wrongValues({ type, ...schema }: Schema): unknown[] {
  const { minLength = 0, maxLength = Infinity, minItems = 0 } = schema;
  if (type === "boolean") return [null, "yes", 0];
  if (type === "array") return [null, {}, "a", ...(minItems > 0 ? [[]] : [])];
  if (type === "object") return [null, [], "{}"];
  if (type === "integer" || type === "number") {
    const { min, max } = bounds(schema);
    return [null, min - 1, max + 1, String(min), ...(type === "integer" ? [min + 0.5] : [])];
  }
  const pattern = schema.pattern === NO_NUL ? undefined : schema.pattern;
  const fixed = schema.enum ?? pattern ?? schema.format;
  return [
    null,
    7,
    {},
    ...(fixed === undefined ? ["a\0b", "\uD800"] : ["no fit"]),
    ...(schema.enum ? otherCaseOf(schema) : []),
    ...(minLength > 0 ? [""] : []),
    ...(maxLength < Infinity ? ["x".repeat(maxLength + 1)] : []),
  ];
}

/** The first value of an enumeration in the other case. */
export function otherCaseOf(schema: Schema): string[] {
  if ("x-any-case" in schema) return [];
  const [first = ""] = (schema.enum ?? []) as string[];
  return [first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()];
}

function brokenItems({ items, maxItems = Infinity, uniqueItems }: Schema) {
  const item = items as Schema;
  const times = (length: number) => valid(item).map((value) => Array.from({ length }, () => value));
  return [
    ...broken(item).map((fault) => fault.map((value) => [value])),
    ...(maxItems < Infinity ? [times(maxItems + 1)] : []),
    ...(uniqueItems === true ? [times(2)] : []),
  ];
}

function brokenFields(schema: Schema): fc.Arbitrary<unknown>[] {
  const whole = valid(schema) as fc.Arbitrary<object>;
  if (schema.properties === undefined) {
    return [{ constructor: 1 }, { a: "\0" }].map((fault) => fc.constant(fault));
  }
  const faults = Object.entries(schema.properties).flatMap(([key, field]) =>
    broken(field as Schema).map((fault) =>
      fc.tuple(whole, fault).map(([fields, value]) => ({ ...fields, [key]: value })),
    ),
  );
  const missing = (schema.required ?? []).map((key) =>
    whole.map((fields) => ({ ...fields, [key]: undefined })),
  );
  return [...faults, ...missing, whole.map((fields) => ({ ...fields, colour: "red" }))];
}

const named = ($ref: string): Schema => {
  const schema = spec.components.schemas[$ref.split("/").at(-1) ?? ""];
  if (schema === undefined) throw new Error(`${$ref} leads nowhere`);
  return schema;
};

/** No exclusive bound of a number of the spec is above the smallest step that six decimals allow. */
const bounds = ({ minimum, exclusiveMinimum, maximum = 1_000 }: Schema) => ({
  min: minimum ?? (exclusiveMinimum === undefined ? 0 : Number(exclusiveMinimum) + 0.000001),
  max: maximum,
});

const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);

/** Formats as the API reads them: addresses in the ASCII form, times in the future. */
function text({ format, pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === "email") return fc.tuple(word, word).map(([name, host]) => `${name}@${host}.de`);
  if (format === "uri")
    // Eight hex digits as a label may hide an address: those of webhooks are refused.
    return fc.tuple(word, word).map(([host, path]) => `https://host-${host}.example/${path}`);
  if (format === "date-time") {
    const range = { min: new Date("2100-01-01"), max: new Date("2200-01-01") };
    return fc.date({ ...range, noInvalidDate: true }).map((date) => date.toISOString());
  }
  if (pattern !== undefined && pattern !== NO_NUL) return fc.stringMatching(new RegExp(pattern));
  return fc
    .string({ unit: "binary", minLength, maxLength: Math.min(maxLength, 40) })
    .map((value) => value.replaceAll("\0", "0"));
}
