import { INFO } from "./info.ts";
import {
  bodyExample,
  type Described,
  type Document,
  exampleUrl,
  operationsOf,
  problemsOf,
  successOf,
} from "./operations.ts";
import { typeText } from "./type-text.ts";

/** The whole API on one page of Markdown, for a coding assistant (https://llmstxt.org). */
export function llmsText(document: Document): string {
  const { title, summary, description } = INFO.info;
  const operations = operationsOf(document);
  const tags = INFO.tags.map(({ name, description }) => {
    const ofTag = operations.filter(({ operation }) => operation.tags.includes(name));
    return [`## ${name}`, description, ...ofTag.map(operationText)].join("\n\n");
  });
  const types = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) => `type ${name} = ${typeText(schema)};`,
  );
  const typesText = `## Types\n\n\`\`\`ts\n${types.join("\n")}\n\`\`\``;
  return `${[`# ${title}`, `> ${summary}`, description.trim(), ...tags, typesText].join("\n\n")}\n`;
}

function operationText(described: Described): string {
  const { method, operation } = described;
  const [status, response] = successOf(operation) ?? [];
  const [media] = Object.values(response?.content ?? {});
  const parameters = (operation.parameters ?? [])
    .filter(({ in: place }) => place !== "path")
    .map(({ in: place, name, description = "", schema }) =>
      `- ${place} \`${name}\`: ${typeText(schema)}. ${description}`.trim(),
    );
  const codes = [...new Set(Object.values(operation.responses).flatMap(problemsOf))];
  const body = bodyExample(operation.requestBody);
  const lines = [
    `${method} ${exampleUrl(described)}`,
    ...(body === undefined ? [] : [JSON.stringify(body)]),
    `=> ${status}: ${media?.schema ? typeText(media.schema) : "no body"}`,
  ];
  return [
    `### ${operation.operationId}: ${operation.summary}`,
    `\`${method} ${described.path}\``,
    operation.description,
    ...(parameters.length === 0 ? [] : [parameters.join("\n")]),
    `\`\`\`http\n${lines.join("\n")}\n\`\`\``,
    `Refusals: ${codes.join(", ")}.`,
  ].join("\n\n");
}
