import { createRoute, z } from "@hono/zod-openapi";
import { countStranger } from "../../http/auth/rate-limit.ts";
import { requiresNoKey } from "../../http/auth/requires.ts";
import { operation } from "../../http/operation.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { keylessRefusals } from "../../http/problems/refusals.ts";
import { dataOf, json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { connect } from "../../store/db.ts";
import { databasesOf } from "../../store/shards.ts";
import { answers } from "../../store/read/answers.ts";

const LIMIT_MS = 5_000;

const Readiness = z
  .strictObject({ status: z.literal("ready").openapi({ example: "ready" }) })
  .openapi("Readiness");

const route = createRoute({
  operationId: "getReadiness",
  method: "get",
  path: "/health/ready",
  tags: ["Health"],
  summary: "Ask whether the API can work",
  description:
    "Asks each database, and answers 503 when one gives no answer within five seconds or has not been migrated. " +
    "`/health` asks nothing: it answers as long as the Worker runs.",
  request: { query: NoQuery },
  ...requiresNoKey(),
  responses: {
    200: json(dataOf(Readiness), "The API and its database answer."),
    ...keylessRefusals(),
  },
});

export const getReadiness = operation(route, async (c) => {
  c.header("Cache-Control", "no-store");
  // Each call costs a query, and no key is needed for it.
  await countStranger(c);
  try {
    await Promise.all(databasesOf(c.env).map((each) => answers(connect(each), LIMIT_MS)));
  } catch (error) {
    console.error("not ready", c.get("requestId"), error);
    throw new ProblemError("UNAVAILABLE", "A database does not answer.");
  }
  return ok(c, { data: { status: "ready" as const } });
});
