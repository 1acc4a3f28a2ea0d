import type { z } from "zod";
import { expectTypeOf } from "vitest";
import type { GroupEvent, JobEvent } from "../../../src/api/webhooks/schema.ts";
import type { GroupPayload, JobPayload } from "../../../src/notify/payload.ts";

expectTypeOf<GroupPayload>().toEqualTypeOf<z.output<typeof GroupEvent>>();
expectTypeOf<JobPayload>().toEqualTypeOf<z.output<typeof JobEvent>>();
