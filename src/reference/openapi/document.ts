import type { App } from "../../http/app-types.ts";
import { callWeight } from "../../http/auth/call-weights.ts";
import { BOOKMARK_HEADER } from "../../http/headers/bookmark.ts";
import { PROBLEMS, type ProblemCode } from "../../http/problems/problems.ts";
import { problemBody } from "../../http/problems/problem-body.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { GROUP_ID } from "../../api/examples.ts";
import { codeSamples } from "./code-samples.ts";
import { exampleOf } from "./example-of.ts";
import { INFO, SECURITY_SCHEMES } from "./info.ts";
import {
  type Document,
  type Operation,
  operationsOf,
  problemsOf,
  type Response,
} from "./operations.ts";

/** The header that every answer carries. */
const REQUEST_ID = {
  "x-request-id": {
    description: "The request's id, also in our logs: quote it when something is wrong.",
    required: true,
    schema: { type: "string" as const },
    example: "3f1c8a52-9f5e-4a54-9c39-0f2b7d1e6a10",
  },
};

/** Builds the OpenAPI 3.1 document from the routes, and adds the parts that all operations share. */
export function describeApi(app: App): Document {
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  }
  const document = app.getOpenAPI31Document(INFO, { unionPreferredType: "oneOf" });
  const examples: Record<string, object> = {};
  for (const described of operationsOf(document)) {
    const { operation } = described;
    nameScope(operation);
    for (const response of Object.values(operation.responses)) {
      const codes = problemsOf(response);
      for (const code of codes) examples[code] = problemExample(code);
      response.headers = { ...REQUEST_ID, ...BOOKMARK_HEADER, ...response.headers };
      addExample(response, document);
    }
    if (operation.requestBody) addExample(operation.requestBody, document);
    operation["x-codeSamples"] = codeSamples(described);
  }
  for (const { operation } of operationsOf(document, "webhooks")) {
    if (operation.requestBody) addExample(operation.requestBody, document);
  }
  document.components = { ...document.components, examples };
  return document;
}

/** The answer with this code, as the reference and the code's page show it. */
export const problemExample = (code: ProblemCode) => {
  const errors = code === "VALIDATION_FAILED" ? [MISSING] : [];
  const detail = errors.map(({ pointer, detail }) => `${pointer} ${detail}`)[0];
  const problem = new ProblemError(code, detail, errors);
  const path = `/ocr-invoice-job-group/${GROUP_ID}`;
  return {
    summary: PROBLEMS[code].title,
    description: PROBLEMS[code].advice,
    value: problemBody(problem, path, REQUEST_ID["x-request-id"].example),
  };
};

const MISSING = { pointer: "/template", detail: "is required." };

/**
 * Moves the scope from `security` into the description, and into `x-scope` for machines. OpenAPI 3.1 allows
 * scopes for API keys too, but common tools accept them only for OAuth.
 */
function nameScope(operation: Operation): void {
  // An empty list says that the operation needs no key.
  if (operation.security?.length === 0) return;
  const [scope] = Object.values(operation.security?.[0] ?? {}).flat();
  delete operation.security;
  if (scope === undefined) return;
  operation["x-scope"] = scope;
  operation["x-call-weight"] = callWeight(operation.operationId);
  operation.description += `\n\nScope: \`${scope}\`.`;
}

/** Gives a body without an example the one of its schema. Files have none. */
function addExample({ content = {} }: Pick<Response, "content">, document: Document): void {
  for (const [type, media] of Object.entries(content)) {
    if (media.schema === undefined || media.examples !== undefined) continue;
    if (type === "multipart/form-data" || media.schema.format === "binary") continue;
    media.example ??= exampleOf(media.schema, document);
  }
}
