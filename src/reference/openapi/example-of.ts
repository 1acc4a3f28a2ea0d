import type { Document, Schema } from "./operations.ts";

/** The schema itself, or the one that its `$ref` names. */
export function resolve(schema: Schema, document: Document): Schema {
  const name = schema.$ref?.split("/").at(-1);
  if (name === undefined) return schema;
  return document.components?.schemas?.[name] ?? {};
}

/** The example of a schema, or one built from its parts; `undefined` when they have none. */
export function exampleOf(reference: Schema, document: Document): unknown {
  const schema = resolve(reference, document);
  const [only, ...others] = schema.enum ?? [];
  if (schema.example !== undefined) return schema.example;
  if (only !== undefined && others.length === 0) return only;
  if (schema.items) {
    const item = exampleOf(schema.items, document);
    return item === undefined ? undefined : [item];
  }
  if (schema.properties === undefined) return undefined;
  const fields = Object.entries(schema.properties).flatMap(([name, field]) => {
    const value = exampleOf(field, document);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(fields);
}
