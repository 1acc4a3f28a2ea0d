import type { z } from "zod";
import { expectTypeOf } from "vitest";
import type { CompletedJobEvent, GroupEvent, JobEvent } from "../../../src/api/webhooks/schema.ts";
import type { CompletedJobPayload, GroupPayload, JobPayload } from "../../../src/notify/payload.ts";

expectTypeOf<GroupPayload>().toEqualTypeOf<z.output<typeof GroupEvent>>();
expectTypeOf<JobPayload>().toEqualTypeOf<z.output<typeof JobEvent>>();
expectTypeOf<CompletedJobPayload>().toEqualTypeOf<z.output<typeof CompletedJobEvent>>();
