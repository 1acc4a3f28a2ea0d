import { afterAll, beforeAll } from "vitest";
import type { Processor, ProcessorEvents } from "../../src/processor/kit/index.ts";
import { KillableServer } from "./killable-server.ts";

/** One server for the tests of a file. */
export function startKillable(): KillableServer {
  const server = new KillableServer();
  beforeAll(() => server.build(), 120_000);
  afterAll(() => server.kill());
  return server;
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
