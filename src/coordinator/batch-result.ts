import type { Opening } from "../domain/opening.ts";
import type { Outcome } from "./protocol.ts";

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
