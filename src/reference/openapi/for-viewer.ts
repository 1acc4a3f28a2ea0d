import { type Document, type Operation, operationsOf, type Parameter } from "./operations.ts";

/** Changes the document so that the reference viewer at `/docs` serves people better. */
export function forViewer(document: Document): Document {
  const operations = operationsOf(document);
  const linkOf = new Map(
    operations.map(({ operation }) => [
      operation.operationId,
      `[${operation.operationId}](${viewerPath(operation)})`,
    ]),
  );
  const parts = [
    document.info,
    ...(document.tags ?? []),
    ...operations.map((one) => one.operation),
  ];
  for (const part of parts) part.description &&= withLinks(part.description, linkOf);
  for (const { operation } of operations) operation.parameters?.forEach(untick);
  return document;
}

/** The operation's place on the page: `docs.js` makes the last part of it the operationId. */
export const viewerPath = ({ tags, operationId }: Operation): string =>
  `/docs#tag/${(tags[0] ?? "").toLowerCase().replaceAll(" ", "-")}/${operationId}`;

/** Code and what is a link already. */
const LITERAL = /(```[\s\S]*?```|`[^`]*`|\[[^\]]*\]\([^)]*\))/;

const withLinks = (text: string, linkOf: ReadonlyMap<string, string>): string =>
  text
    .split(LITERAL)
    .map((part) =>
      LITERAL.test(part)
        ? part
        : part.replaceAll(/\b[a-z]\w+\b/g, (word) => linkOf.get(word) ?? word),
    )
    .join("");

/** The viewer sends each parameter that has a value, were it only an example, unless an example says not to. */
function untick(parameter: Parameter): void {
  const { example, default: fallback, enum: [first] = [] } = parameter.schema;
  const value = example ?? fallback ?? first;
  if (parameter.required || value === undefined) return;
  parameter.examples = { default: { value, "x-disabled": true } };
}
