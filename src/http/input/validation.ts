import { z } from "@hono/zod-openapi";
import { routePath } from "hono/route";
import type { App, AppContext } from "../app-types.ts";
import { invalid } from "../problems/errors.ts";
import { alteredNumbers, type Path } from "./altered-numbers.ts";
import { issueText } from "./issue-text.ts";
import type { ProblemDetail } from "../problems/problem-error.ts";

z.config({ customError: issueText });

type Issues = Pick<z.ZodError, "issues">;
type Validated =
  | { success: true; target: string }
  | { success: false; target: string; error: Issues };

/**
 * Turns zod's issues into one problem that names every fault. The framework validates query, headers and
 * body in turn and stops at the first that has a fault. This hook validates the others.
 */
export async function validationHook(app: App, result: Validated, c: AppContext): Promise<void> {
  const errors = result.success ? [] : faults(result.target, result.error);
  if (!result.success) {
    if (result.target === "query") errors.push(...(await headerFaults(app, c)));
    if (result.target !== "json") errors.push(...(await bodyFaults(app, c)));
  }
  if (result.target === "json") errors.push(...(await numberFaults(app, c)));
  if (errors.length > 0) throw invalid(errors);
}

async function headerFaults(app: App, c: AppContext): Promise<ProblemDetail[]> {
  const schema = requestOf(app, c)?.headers as z.ZodObject | undefined;
  if (schema === undefined) return [];
  const names = Object.keys(schema.shape);
  const headers = Object.fromEntries(names.map((name) => [name, c.req.header(name)]));
  const { error } = await schema.safeParseAsync(headers);
  return error === undefined ? [] : faults("header", error);
}

async function bodyFaults(app: App, c: AppContext): Promise<ProblemDetail[]> {
  const schema = bodySchema(app, c);
  if (schema === undefined) return [];
  if (!isBodyRequired(app, c) && (await c.req.text()) === "") return [];
  const body: unknown = await c.req.json().catch(() => undefined);
  if (body === undefined) return [at("json", [], "must be valid JSON.")];
  const { error } = await schema.safeParseAsync(body);
  return [...(error === undefined ? [] : faults("json", error)), ...(await numberFaults(app, c))];
}

/** The parser has rounded the numbers, so they are looked for in the JSON text. */
async function numberFaults(app: App, c: AppContext): Promise<ProblemDetail[]> {
  const altered = alteredNumbers(await c.req.text());
  if (altered.length === 0) return [];
  const schema = bodySchema(app, c);
  return altered
    .filter((path) => schema !== undefined && isInFreeForm(schema, path))
    .map((path) => at("json", path, "would be altered by a double: send it as a string."));
}

/** `true` when the path leads into a free-form object: other numbers have rules of their own. */
export function isInFreeForm(schema: z.core.$ZodType, path: Path): boolean {
  if (schema instanceof z.ZodCustom) return true;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return isInFreeForm(schema.unwrap(), path);
  if (schema instanceof z.ZodPipe) return isInFreeForm(schema.in, path);
  const [key = "", ...rest] = path;
  if (schema instanceof z.ZodArray) return isInFreeForm(schema.element, rest);
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, key)) return false;
  return isInFreeForm(schema.shape[key] as z.core.$ZodType, rest);
}

function bodySchema(app: App, c: AppContext): z.ZodType | undefined {
  const media = requestOf(app, c)?.body?.content["application/json"];
  return media !== undefined && "schema" in media ? (media.schema as z.ZodType) : undefined;
}

const isBodyRequired = (app: App, c: AppContext) => requestOf(app, c)?.body?.required === true;

function requestOf(app: App, c: AppContext) {
  const path = routePath(c).replaceAll(/:(\w+)/g, "{$1}");
  const method = c.req.method.toLowerCase();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { route } = definition;
    if (route.path === path && route.method === method) return route.request;
  }
  return undefined;
}

export const faults = (target: string, { issues }: Issues): ProblemDetail[] =>
  issues.flatMap((issue) => details(issue, target));

function details(issue: z.core.$ZodIssue, target: string): ProblemDetail[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => at(target, [...path, key], issue.message));
  }
  return [at(target, path, issue.message)];
}

function at(target: string, path: readonly string[], detail: string): ProblemDetail {
  if (target === "query" || target === "header") return { parameter: path.join("."), detail };
  const escaped = path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  return { pointer: escaped.join(""), detail };
}
