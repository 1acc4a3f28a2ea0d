import { Problem } from "./problem-body.ts";
import { type ProblemCode, PROBLEMS } from "./problems.ts";

type Declared<Code extends ProblemCode> = {
  [C in Code as (typeof PROBLEMS)[C]["status"]]: {
    description: string;
    content: { "application/problem+json": { schema: typeof Problem } };
  };
};

const RETRY_AFTER = {
  "Retry-After": {
    description: "Seconds to wait before the same request is sent again.",
    required: true,
    schema: { type: "integer" as const, minimum: 1 },
    example: 1,
  },
};

const ACCEPT_ENCODING = {
  "Accept-Encoding": {
    description: "`identity`, when the body had a `Content-Encoding`.",
    schema: { type: "string" as const, enum: ["identity"] },
  },
};

const WITHOUT_KEY = ["VALIDATION_FAILED", "RATE_LIMITED", "INTERNAL_ERROR", "UNAVAILABLE"] as const;
const WITH_KEY = [...WITHOUT_KEY, "UNAUTHORIZED", "INSUFFICIENT_SCOPE"] as const;

const exampleReference = (code: ProblemCode) => ({ $ref: `#/components/examples/${code}` });

/** The responses that a route declares: for these codes and for those of every operation that asks for a key. */
export const refusals = <Code extends ProblemCode>(
  ...codes: Code[]
): Declared<Code | (typeof WITH_KEY)[number]> => declared([...WITH_KEY, ...codes]);

/** The responses of an operation that asks for no key. */
export const keylessRefusals = () => declared(WITHOUT_KEY);

function declared<Code extends ProblemCode>(all: readonly Code[]): Declared<Code> {
  const byStatus = Map.groupBy(all, (code) => PROBLEMS[code].status);
  const responses = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join("\n\n"),
      content: {
        "application/problem+json": {
          schema: Problem,
          // The document's components hold each example once.
          examples: Object.fromEntries(codes.map((code) => [code, exampleReference(code)])),
        },
      },
      ...(codes.some((code) => "retryAfterSeconds" in PROBLEMS[code]) && { headers: RETRY_AFTER }),
      ...(codes.some((code) => code === "UNSUPPORTED_MEDIA_TYPE") && { headers: ACCEPT_ENCODING }),
    },
  ]);
  return Object.fromEntries(responses) as Declared<Code>;
}

/** The codes that every operation with a body can answer. */
export const BODY_PROBLEMS = [
  "MALFORMED_JSON",
  "BODY_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
] as const;
