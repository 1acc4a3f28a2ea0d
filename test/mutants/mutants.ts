import { apiMutants } from "./api.ts";
import { attemptMutants } from "./attempts.ts";
import { coordinatorMutants } from "./coordinator.ts";
import { domainMutants } from "./domain.ts";
import { httpMutants } from "./http.ts";
import { notifyMutants } from "./notify.ts";
import { operatorMutants } from "./operators.ts";
import { storeMutants } from "./store.ts";
import type { Mutant } from "./mutant.ts";

/** One file of mutants for each room of `src`, and one for the ends of attempts, which several rooms keep. */
export const MUTANTS: readonly Mutant[] = [
  ...domainMutants,
  ...attemptMutants,
  ...coordinatorMutants,
  ...operatorMutants,
  ...storeMutants,
  ...notifyMutants,
  ...apiMutants,
  ...httpMutants,
];
