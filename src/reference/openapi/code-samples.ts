import { answersBytes, bodyExample, bodyKind, type Described, exampleUrl } from "./operations.ts";

/** A placeholder: `serveOpenApi` replaces it with the origin of the server that answers. */
export const SAMPLE_ORIGIN = "http://localhost:8787";

const IDEMPOTENCY_KEY = "Idempotency-Key";

/** The operation's example request in curl, TypeScript and Python. */
export function codeSamples(described: Described) {
  const request: Sample = {
    method: described.method,
    url: SAMPLE_ORIGIN + exampleUrl(described),
    keyed: described.operation.security === undefined,
    idempotent: (described.operation.parameters ?? []).some(({ name }) => name === IDEMPOTENCY_KEY),
    body: bodyExample(described.operation.requestBody),
    kind: bodyKind(described.operation.requestBody),
    getsFile: answersBytes(described.operation),
  };
  return [
    { lang: "Shell", label: "curl", source: curl(request) },
    { lang: "TypeScript", label: "TypeScript", source: typescript(request) },
    { lang: "Python", label: "Python", source: python(request) },
  ];
}

interface Sample {
  readonly method: string;
  readonly url: string;
  readonly keyed: boolean;
  readonly idempotent: boolean;
  /** A JSON value. */
  readonly body: unknown;
  readonly kind: ReturnType<typeof bodyKind>;
  readonly getsFile: boolean;
}

/** The file that the samples send or save. */
const FILE = "invoice-131.pdf";

function curl({ method, url, keyed, idempotent, body, kind, getsFile }: Sample): string {
  const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return [
    `curl -X ${method} ${quoted(url)}`,
    ...(keyed ? ['-H "api-key: $API_KEY"'] : []),
    ...(idempotent ? [`-H "${IDEMPOTENCY_KEY}: $(uuidgen)"`] : []),
    ...(body === undefined
      ? []
      : ['-H "Content-Type: application/json"', `-d ${quoted(JSON.stringify(body, null, 2))}`]),
    ...(kind === "form" ? [`-F ${quoted(`file=@${FILE}`)}`] : []),
    ...(kind === "bytes"
      ? ['-H "Content-Type: application/pdf"', `--data-binary ${quoted(`@${FILE}`)}`]
      : []),
    ...(getsFile ? [`-o ${quoted(FILE)}`] : []),
  ].join(" \\\n  ");
}

function typescript({ method, url, keyed, idempotent, body, kind, getsFile }: Sample): string {
  const json = (value: unknown, indent: string) =>
    JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`);
  const file = `new File(["%PDF-1.7 …"], ${JSON.stringify(FILE)})`;
  const lines = [
    ...(kind === "form" ? ["const form = new FormData();", `form.append("file", ${file});`] : []),
    `const response = await fetch(${JSON.stringify(url)}, {`,
    `  method: "${method}",`,
    "  headers: {",
    ...(keyed ? ['    "api-key": process.env.API_KEY ?? "",'] : []),
    ...(idempotent ? [`    "${IDEMPOTENCY_KEY}": crypto.randomUUID(),`] : []),
    ...(body === undefined ? [] : ['    "Content-Type": "application/json",']),
    "  },",
    ...(body === undefined ? [] : [`  body: JSON.stringify(${json(body, "  ")}),`]),
    ...(kind === "form" ? ["  body: form,"] : []),
    ...(kind === "bytes" ? [`  body: ${file},`] : []),
    "});",
    ...(getsFile
      ? [
          "if (!response.ok) throw new Error(await response.text());",
          "const document = await response.blob();",
        ]
      : [
          "const answer = await response.json();",
          "if (!response.ok) throw new Error(`${answer.code}: ${answer.error}`);",
        ]),
  ];
  return lines.join("\n");
}

function python({ method, url, keyed, idempotent, body, kind, getsFile }: Sample): string {
  const file = `open(${JSON.stringify(FILE)}, "rb")`;
  const lines = [
    ...(keyed ? ["import os"] : []),
    ...(idempotent ? ["import uuid"] : []),
    "",
    "import requests",
    "",
    "response = requests.request(",
    `    "${method}",`,
    `    ${JSON.stringify(url)},`,
    "    headers={",
    ...(keyed ? ['        "api-key": os.environ["API_KEY"],'] : []),
    ...(idempotent ? [`        "${IDEMPOTENCY_KEY}": str(uuid.uuid4()),`] : []),
    "    },",
    ...(body === undefined ? [] : [`    json=${pythonLiteral(body, "    ")},`]),
    ...(kind === "form" ? [`    files=[("file", ${file})],`] : []),
    ...(kind === "bytes" ? [`    data=${file},`] : []),
    ")",
    "response.raise_for_status()",
    getsFile ? "document = response.content" : "answer = response.json()",
  ];
  return lines.join("\n");
}

function pythonLiteral(value: {} | null, indent: string): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null) return "None";
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}    `;
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const items = Object.entries(value).map(([key, item]) => {
    const name = Array.isArray(value) ? "" : `${JSON.stringify(key)}: `;
    return `${inner}${name}${pythonLiteral(item, inner)},\n`;
  });
  return items.length === 0 ? open + close : `${open}\n${items.join("")}${indent}${close}`;
}
