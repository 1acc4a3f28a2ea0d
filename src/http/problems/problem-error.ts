import { type ProblemCode, PROBLEMS } from "./problems.ts";

export interface ProblemDetail {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly detail: string;
}

/** A refusal. `api` and `http` throw it, and `onError` turns it into the answer. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly ProblemDetail[];

  constructor(code: ProblemCode, detail?: string, errors: readonly ProblemDetail[] = []) {
    super(detail ?? PROBLEMS[code].advice);
    this.code = code;
    this.errors = errors;
  }
}
