import type { Problem } from "./types.ts";

/** The fields of a problem that are shown. */
export type Shown = Pick<Problem, "title" | "detail" | "status"> &
  Partial<Pick<Problem, "code" | "type" | "errors" | "requestId">>;

const NOT_IMPLEMENTED = 501;

/** An answer that refused the request, in the API's own words. */
export class Refusal extends Error {
  readonly problem: Shown;

  constructor(problem: Shown) {
    super(problem.detail);
    this.problem = problem;
  }

  /** `true` when the same request may succeed later. */
  get passes(): boolean {
    const { status } = this.problem;
    return status === 429 || (status >= 500 && status !== NOT_IMPLEMENTED);
  }
}

/** No answer arrived. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("The server gives no answer.", { cause });
  }
}

/** Something between the browser and the API may answer in words of its own. */
export async function refusalOf(answer: {
  readonly status: number;
  text(): Promise<string>;
}): Promise<Refusal> {
  const text = await answer.text();
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    if (typeof problem.detail === "string") return new Refusal(problem as Problem);
  } catch {
    // Not the API's JSON: the status is all there is.
  }
  const { status } = answer;
  return new Refusal({
    title: "No answer of the API",
    detail: `The server answered ${status}.`,
    status,
  });
}
