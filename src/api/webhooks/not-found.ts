import { ProblemError } from "../../http/problems/problem-error.ts";

export const webhookNotFound = () =>
  new ProblemError("WEBHOOK_NOT_FOUND", "There is no webhook with this id.");
