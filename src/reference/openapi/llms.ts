import { INFO } from "./info.ts";
import {
  bodyExample,
  type Described,
  type Document,
  exampleUrl,
  type Operation,
  operationsOf,
  problemsOf,
  successOf,
} from "./operations.ts";
import { typeText } from "./type-text.ts";

/** Writes the whole API as one page of Markdown for coding assistants (https://llmstxt.org). */
export function llmsText(document: Document): string {
  const operations = operationsOf(document);
  const keyed = operations.filter(({ operation }) => operation.security === undefined);
  const all = keyed.map(({ operation }) => codesOf(operation));
  const common = all[0]?.filter((code) => all.every((codes) => codes.includes(code))) ?? [];
  const { title, summary, description } = INFO.info;
  const tags = INFO.tags.map(({ name, description }) => {
    const ofTag = operations.filter(({ operation }) => operation.tags.includes(name));
    const texts = ofTag.map((described) => operationText(described, common));
    return [`## ${name}`, description, ...texts].join("\n\n");
  });
  const messages = operationsOf(document, "webhooks").map(
    ({ path, operation }) =>
      `- \`${path}\`: ${operation.summary}. ${bodyType(operation.requestBody)}`,
  );
  const types = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) => `type ${name} = ${typeText(schema)};`,
  );
  const parts = [
    `# ${title}`,
    `> ${summary}`,
    description.trim(),
    `Every operation with a key may also be refused with ${common.join(", ")}.`,
    ...tags,
    `## What webhooks are sent\n\n${messages.join("\n")}`,
    `## Types\n\n\`\`\`ts\n${types.join("\n")}\n\`\`\``,
  ];
  return `${parts.join("\n\n")}\n`;
}

function operationText(described: Described, common: readonly string[]): string {
  const { method, path, operation } = described;
  const [status, response] = successOf(operation) ?? [];
  const { parameters = [] } = operation;
  const headers = parameters.filter((one) => one.in === "header").map(({ name }) => `\`${name}\``);
  const query = parameters
    .filter((one) => one.in === "query")
    .map(({ name, schema, description = "" }) =>
      `- \`${name}\`: ${typeText(schema)}. ${description}`.trim(),
    );
  const body = bodyExample(operation.requestBody);
  const codes = codesOf(operation).filter((code) => !common.includes(code));
  const example = [
    `${method} ${exampleUrl(described)}`,
    ...(body === undefined ? [] : [JSON.stringify(body)]),
    `=> ${status}: ${bodyType(response)}`,
  ];
  return [
    `### ${operation.operationId}: ${operation.summary}`,
    `\`${method} ${path}\``,
    operation.description,
    ...(query.length === 0 ? [] : [`Query:\n\n${query.join("\n")}`]),
    ...(headers.length === 0 ? [] : [`Headers: ${headers.join(", ")}.`]),
    `\`\`\`http\n${example.join("\n")}\n\`\`\``,
    ...(codes.length === 0 ? [] : [`Refusals: ${codes.join(", ")}.`]),
  ].join("\n\n");
}

const codesOf = ({ responses }: Operation) => Object.values(responses).flatMap(problemsOf);

function bodyType({ content = {} }: Operation["requestBody"] = {}): string {
  const [media] = Object.values(content);
  return media?.schema ? typeText(media.schema) : "no body";
}
