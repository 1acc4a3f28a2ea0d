import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../http/auth/requires.ts";
import { dearCall } from "../../http/turns.ts";
import { operation } from "../../http/operation.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { primary } from "../../http/database.ts";
import { readMetrics } from "../../store/read/metrics.ts";
import { METRICS } from "../examples.ts";
import { metricsText } from "./metrics-text.ts";

const route = createRoute({
  operationId: "getMetrics",
  method: "get",
  path: "/metrics",
  tags: ["Metrics"],
  summary: "Get figures for monitoring",
  description:
    "Shows the figures of the key's workspace as Prometheus text: groups by status and priority, unfinished jobs, " +
    "the time that claimable work has stood still, paused groups, and notifications given up. Groups that have " +
    "ended cost nothing to count. Give the scraper a key of its own.",
  request: { query: NoQuery },
  ...requires("groups:read", dearCall),
  responses: {
    200: {
      description: "The figures.",
      content: { "text/plain": { schema: z.string(), example: METRICS } },
    },
    ...refusals(),
  },
});

export const getMetrics = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const metrics = await readMetrics(primary(c), workspace);
  const text = metricsText(metrics, Date.now());
  return c.text(text, 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
});
