export { Throttled, Unreadable } from "../errors.ts";
export { Refusal } from "./insist.ts";
export { createProcessor, type Processor } from "./processor.ts";
export type { Job, Lease, ProcessorEvents, ProcessorOptions, Read, ReadResult } from "./types.ts";
