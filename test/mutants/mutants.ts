import { apiMutants } from "./api.ts";
import { attemptMutants } from "./attempts.ts";
import { coordinatorMutants } from "./coordinator.ts";
import { documentMutants } from "./documents.ts";
import { domainMutants } from "./domain.ts";
import { httpMutants } from "./http.ts";
import { kitMutants } from "./kit.ts";
import { moveMutants } from "./moves.ts";
import { notifyMutants } from "./notify.ts";
import { operatorMutants } from "./operators.ts";
import { listMutants } from "./lists.ts";
import { storeMutants } from "./store.ts";
import { waitingMutants } from "./waiting.ts";
import type { Mutant } from "./mutant.ts";

/** One file of mutants for each room of `src`, and some for what several rooms keep. */
export const MUTANTS: readonly Mutant[] = [
  ...domainMutants,
  ...attemptMutants,
  ...coordinatorMutants,
  ...operatorMutants,
  ...waitingMutants,
  ...listMutants,
  ...storeMutants,
  ...notifyMutants,
  ...apiMutants,
  ...httpMutants,
  ...documentMutants,
  ...kitMutants,
  ...moveMutants,
];
