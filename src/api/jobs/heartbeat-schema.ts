import { z } from "@hono/zod-openapi";
import { LIMITS } from "../../domain/limits.ts";
import { dataOf, envelope } from "../../http/shapes/envelope.ts";
import { dateTime } from "../../http/shapes/fields.ts";
import { text } from "../../http/shapes/text.ts";
import * as examples from "../examples.ts";
import { jobId, leaseId } from "./fields.ts";

const HeldLease = z.strictObject({
  groupId: text(LIMITS.label).openapi({ description: "The `groupId` of the lease." }),
  jobId: text(LIMITS.label).openapi({ description: "The `jobId` of the lease." }),
  leaseId,
});

export const HeartbeatBody = z
  .strictObject({
    leases: z
      .array(HeldLease)
      .min(1)
      .max(LIMITS.leasesPerHeartbeat)
      .superRefine((leases, context) => {
        const seen = new Set<string>();
        for (const [index, { groupId, jobId, leaseId }] of leases.entries()) {
          const name = JSON.stringify([groupId, jobId, leaseId]);
          const message = "is in this request already.";
          if (seen.has(name)) context.addIssue({ code: "custom", path: [index], message });
          seen.add(name);
        }
      })
      .openapi({ uniqueItems: true, description: "The leases that the processor works on." }),
  })
  .openapi("Heartbeat", { example: examples.HEARTBEAT });

const KeptLease = z
  .strictObject({ jobId, leaseId, leaseExpiresAt: dateTime("End of the lease as it is now.") })
  .openapi("KeptLease", { example: examples.KEPT_LEASE });

const LostLease = z
  .strictObject({
    jobId,
    leaseId,
    code: z.literal("LEASE_LOST"),
    detail: z.string().openapi({ description: "A sentence for people." }),
  })
  .openapi("LostLease", { example: examples.LOST_LEASE });

export const BeatenLease = z.union([KeptLease, LostLease]);

export const HeartbeatResponse = dataOf(z.array(BeatenLease)).openapi("HeartbeatResponse", {
  example: envelope({ data: [examples.KEPT_LEASE, examples.LOST_LEASE] }),
});
