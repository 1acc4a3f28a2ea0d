import { readFileSync, writeFileSync } from "node:fs";
import type { ServiceTimes } from "./simulate.ts";

/** The last measurements of one local database, which the simulator and the model of capacity go on. */
export interface Measured {
  readonly service: ServiceTimes;
  /** On disk, a completed job with 2 KB of `extractedData`. */
  readonly bytesAJob: number;
  /** On disk, a group without its jobs: its row, its indexes, its words in the search. */
  readonly bytesAGroup: number;
}

const FILE = "test/bench/simulator/measured.json";

const rounded = (_: string, value: unknown): unknown =>
  typeof value === "number" ? Number(value.toFixed(3)) : value;

export const lastMeasured = (): Measured => JSON.parse(readFileSync(FILE, "utf8")) as Measured;

export const keep = (measured: Measured): void =>
  writeFileSync(FILE, `${JSON.stringify(measured, rounded, 2)}\n`);
