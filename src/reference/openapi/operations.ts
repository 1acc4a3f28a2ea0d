import type { App } from "../../http/app-types.ts";
import type { ProblemCode } from "../../http/problems/problems.ts";

export type Document = ReturnType<App["getOpenAPI31Document"]>;

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly readOnly?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

export interface Response {
  description: string;
  headers?: object;
  content?: Record<string, { schema?: Schema; example?: unknown; examples?: object }>;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: unknown;
  examples?: object;
  readonly schema: Schema;
}

/** An operation of our own document, which holds its parts in place: only schemas and examples are references. */
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  description: string;
  security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Pick<Response, "content">;
  readonly responses: Record<string, Response>;
  "x-scope"?: string;
  "x-call-weight"?: number;
  "x-codeSamples"?: readonly object[];
}

export interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The operations that this API serves (`paths`), or the messages that it sends (`webhooks`). */
export const operationsOf = (
  document: Document,
  part: "paths" | "webhooks" = "paths",
): Described[] =>
  Object.entries(document[part] ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );

/** The example of a JSON body. */
export const bodyExample = ({ content }: Pick<Response, "content"> = {}): unknown =>
  content?.["application/json"]?.example;

/** The form of a body: JSON, a form with files, or the bytes of one file. */
export function bodyKind({ content = {} }: Pick<Response, "content"> = {}) {
  if ("application/json" in content) return "json";
  if ("multipart/form-data" in content) return "form";
  return Object.keys(content).length > 0 ? "bytes" : undefined;
}

/** `true` for an operation whose successful answer is a file. */
export const answersBytes = (operation: Operation): boolean =>
  Object.values(successOf(operation)?.[1].content ?? {})[0]?.schema?.format === "binary";

/** The operation's path and query, filled with the examples of its parameters. */
export function exampleUrl({ path, operation }: Described): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const { in: place, name, example, schema } of operation.parameters ?? []) {
    const value = example ?? schema.example;
    if (typeof value !== "string" && typeof value !== "number") continue;
    if (place === "path") filled = filled.replace(`{${name}}`, encodeURIComponent(value));
    if (place === "query") query.set(name, String(value));
  }
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}

/** The operation's successful answer. */
export const successOf = ({ responses }: Operation): [status: string, Response] | undefined =>
  Object.entries(responses).find(([status]) => status.startsWith("2"));

/** The codes of the problems that a response declares. */
export const problemsOf = ({ content }: Response): ProblemCode[] =>
  Object.keys(content?.["application/problem+json"]?.examples ?? {}) as ProblemCode[];
