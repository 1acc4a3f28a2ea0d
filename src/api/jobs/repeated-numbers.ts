import type { z } from "@hono/zod-openapi";

/** Refuses each job whose number another job before it has. `path` leads to the jobs. */
export function refuseRepeatedNumbers(
  jobs: readonly { readonly jobNumber?: string | undefined }[],
  context: z.RefinementCtx,
  path: readonly string[],
): void {
  const numbers = new Set<string>();
  for (const [index, { jobNumber }] of jobs.entries()) {
    if (jobNumber === undefined) continue;
    if (numbers.has(jobNumber)) {
      const message = "is also the number of another job in this request.";
      context.addIssue({ code: "custom", path: [...path, index, "jobNumber"], message });
    }
    numbers.add(jobNumber);
  }
}
