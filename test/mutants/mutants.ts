import { apiMutants } from "./api.ts";
import { coordinatorMutants } from "./coordinator.ts";
import { domainMutants } from "./domain.ts";
import { httpMutants } from "./http.ts";
import { notifyMutants } from "./notify.ts";
import { storeMutants } from "./store.ts";
import type { Mutant } from "./mutant.ts";

/** One file of mutants for each room of `src`. */
export const MUTANTS: readonly Mutant[] = [
  ...domainMutants,
  ...coordinatorMutants,
  ...storeMutants,
  ...notifyMutants,
  ...apiMutants,
  ...httpMutants,
];
