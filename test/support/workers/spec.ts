import { type Schema, Validator } from "@cfworker/json-schema";
import { exports } from "cloudflare:workers";
import type { Answer } from "../client.ts";

interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: Schema;
}

export interface Operation {
  operationId: string;
  security?: readonly object[];
  "x-scope"?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<
    string,
    {
      headers?: Record<string, { required?: boolean }>;
      content?: Record<string, { schema: Schema }>;
    }
  >;
}
interface Spec {
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, unknown>;
  components: { schemas: Record<string, Schema> };
}

const ORIGIN = "http://localhost";

export const spec = await (await exports.default.fetch(`${ORIGIN}/openapi.json`)).json<Spec>();

export const operations = Object.entries(spec.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    operation,
  })),
);

const routes = operations.map(({ method, path, operation }) => ({
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  fixed: !path.includes("{"),
  method,
  operation,
}));

export function operationOf(method: string, path: string): Operation | undefined {
  const matching = routes.filter((route) => route.method === method && route.pattern.test(path));
  return (matching.find((route) => route.fixed) ?? matching[0])?.operation;
}

/** Headers that tell clients something: what is sent must be declared. */
const TELLING = [
  "accept-encoding",
  "etag",
  "x-d1-bookmark",
  "idempotent-replayed",
  "location",
  "retry-after",
  "x-request-id",
];

function headersFault(
  declared: Record<string, { required?: boolean }>,
  sent: Headers,
): string | null {
  const entries = Object.entries(declared);
  const lacking = entries.find(([name, { required }]) => required === true && !sent.has(name));
  if (lacking) return `lacks the header ${lacking[0]}`;
  const names = new Set(entries.map(([name]) => name.toLowerCase()));
  const undeclared = TELLING.find((name) => sent.has(name) && !names.has(name));
  return undeclared === undefined ? null : `has an undeclared header ${undeclared}`;
}

/** The schemas without their examples, whose `id` the validator would take for a schema's. */
const schemas = JSON.parse(
  JSON.stringify(spec.components.schemas, (name, value) =>
    name === "example" ? undefined : value,
  ),
) as Record<string, Schema>;

export const validatorOf = (schema: Schema): Validator =>
  new Validator({ ...schema, components: { schemas } }, "2020-12", false);

const validators = new Map<string, Validator>();

/** The fault of an answer that the spec does not declare for its operation; `null` when it does. */
export function specFault(operation: Operation, { status, headers, body }: Answer): string | null {
  const declared = operation.responses[status];
  const where = `${operation.operationId} ${status}`;
  if (declared === undefined) return `${where} is not declared: ${JSON.stringify(body)}`;
  const fault = headersFault(declared.headers ?? {}, headers);
  if (fault !== null) return `${where} ${fault}`;
  if (declared.content === undefined) return body === undefined ? null : `${where} has a body`;
  const type = headers.get("content-type")?.split(";")[0] ?? "";
  const schema = declared.content[type]?.schema;
  if (schema === undefined) return `${where} is not declared as ${type}`;
  const validator = validators.get(where) ?? validatorOf(schema);
  validators.set(where, validator);
  const { valid, errors } = validator.validate(body);
  return valid ? null : `${where}: ${JSON.stringify(errors.slice(-3))} in ${JSON.stringify(body)}`;
}

/** The fault of a value that breaks the spec's schema; `null` when it keeps to it. */
export function schemaFault(name: string, value: unknown): string | null {
  const { valid, errors } = validatorOf({ $ref: `#/components/schemas/${name}` }).validate(value);
  return valid ? null : JSON.stringify(errors);
}
