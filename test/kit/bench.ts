import { afterAll, beforeAll } from "vitest";
import type { Processor, ProcessorEvents } from "../../src/processor/kit/index.ts";
import { KillableServer } from "./killable-server.ts";

/** One server for the tests of a file. */
export function startBench(): KillableServer {
  const bench = new KillableServer();
  beforeAll(() => bench.build(), 120_000);
  afterAll(() => bench.kill());
  return bench;
}

/** Names of the events, in their order. */
export function told(processor: Processor): (keyof ProcessorEvents)[] {
  const names: (keyof ProcessorEvents)[] = [];
  for (const name of ["claimed", "completed", "failed", "released", "lost"] as const)
    processor.on(name, () => names.push(name));
  return names;
}

/** Never settles. */
export const hang = (): Promise<never> => new Promise<never>(() => {});
