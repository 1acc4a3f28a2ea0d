import { NO_NUL } from "../../http/shapes/text.ts";
import type { Schema } from "./operations.ts";

/** Writes a schema as a TypeScript type, with its bounds in a comment. */
export function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "unknown";
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return either.map(typeText).join(" | ");
  if (schema.items) return `Array<${typeText(schema.items)}>`;
  if (schema.properties === undefined) return plain(schema);
  const { properties, required = [] } = schema;
  const fields = Object.entries(properties)
    .filter(([, { readOnly }]) => !readOnly)
    .map(([name, field]) => `${name}${required.includes(name) ? "" : "?"}: ${typeText(field)}`);
  return `{ ${fields.join("; ")} }`;
}

function plain({ type, format, ...schema }: Schema): string {
  if (type === undefined) return "unknown";
  if (type === "object") return "Record<string, unknown>";
  const bounds = (["minimum", "maximum", "minLength", "maxLength", "pattern", "default"] as const)
    .filter((name) => schema[name] !== undefined && schema[name] !== NO_NUL)
    .map((name) => `${name} ${JSON.stringify(schema[name])}`);
  const notes = [
    ...(type === "integer" ? ["integer"] : []),
    ...(format ? [format] : []),
    ...bounds,
  ];
  const name = type === "integer" ? "number" : String(type);
  return notes.length === 0 ? name : `${name} /* ${notes.join(", ")} */`;
}
