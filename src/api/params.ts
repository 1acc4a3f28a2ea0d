import { z } from "@hono/zod-openapi";
import { GROUP_ID, JOB_ID } from "./examples.ts";

export const GroupParams = z.object({
  id: z.string().openapi({
    param: { name: "id", in: "path" },
    description: "The group's id: 24 lower-case hex characters.",
    example: GROUP_ID,
  }),
});

export const JobParams = GroupParams.extend({
  jobId: z.string().openapi({
    param: { name: "jobId", in: "path" },
    description: "The job's id: 24 lower-case hex characters.",
    example: JOB_ID,
  }),
});
