/** Milliseconds that a round trip takes beyond what it takes on one machine: variables of the distant Workers. */
export interface Distances {
  readonly WORKER_D1_MS?: number;
  readonly OBJECT_D1_MS?: number;
  readonly WORKER_OBJECT_MS?: number;
}
