import type { Opening } from "../domain/opening.ts";
import { type Outcome, unavailable } from "./protocol.ts";

/** The fate of a batch. */
export type BatchResult =
  | {
      readonly kind: "answered";
      /** One for each request, in their order; an `Error` is a bug in that request's rules. */
      readonly outcomes: readonly (Outcome | Error)[];
      /** Left out when the batch tells nothing of the group. */
      readonly after?: GroupAfter;
    }
  /** The database holds the change to be invalid, and would again. */
  | { readonly kind: "refused" }
  | { readonly kind: "unavailable" };

/** The group after a batch, for the claims that wait. */
export interface GroupAfter {
  readonly revision: string | null;
  /** The waiting claims that the group could answer. */
  readonly opening: Opening | null;
  readonly decidedAt: number;
}

/** The outcome of one request of a batch. */
export function outcomeAt(index: number, result: BatchResult): Outcome | Error {
  switch (result.kind) {
    case "answered":
      return result.outcomes[index] ?? new Error("a request was left without an outcome");
    case "refused":
      return new Error("the database refused the change");
    case "unavailable":
      return unavailable;
  }
}
