import { z } from "@hono/zod-openapi";
import { routePath } from "hono/route";
import type { App, AppContext } from "../app-types.ts";
import { invalid } from "../problems/errors.ts";
import { issueText } from "./issue-text.ts";
import type { ProblemDetail } from "../problems/problem-error.ts";

z.config({ customError: issueText });

type Issues = Pick<z.ZodError, "issues">;
type Validated = { success: true } | { success: false; target: string; error: Issues };

/**
 * Turns zod's issues into one problem that names every fault. The framework validates query, headers and
 * body in turn and stops at the first that has a fault. This hook validates the others.
 */
export async function validationHook(app: App, result: Validated, c: AppContext): Promise<void> {
  if (result.success) return;
  const errors = faults(result.target, result.error);
  if (result.target === "query") errors.push(...(await headerFaults(app, c)));
  if (result.target !== "json") errors.push(...(await bodyFaults(app, c)));
  throw invalid(errors);
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
  const media = requestOf(app, c)?.body?.content["application/json"];
  if (media === undefined || !("schema" in media)) return [];
  const body: unknown = await c.req.json().catch(() => undefined);
  if (body === undefined) return [at("json", [], "must be valid JSON.")];
  const { error } = await (media.schema as z.ZodType).safeParseAsync(body);
  return error === undefined ? [] : faults("json", error);
}

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

const faults = (target: string, { issues }: Issues): ProblemDetail[] =>
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
