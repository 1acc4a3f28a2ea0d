import type { CommandRequest, Outcome } from "./protocol.ts";

/** A request in the coordinator's memory, until its caller is answered. */
export interface Queued {
  readonly request: CommandRequest;
  /** An empty claim is held back until `until`, not answered. */
  readonly wait?: Wait;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface Wait {
  readonly until: number;
  /** Orders the waiters. A claim that is woken in vain keeps its place. */
  readonly arrival: number;
  /** The caller has hung up. */
  hasLeft: boolean;
}
