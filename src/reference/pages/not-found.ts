import { html } from "hono/html";
import type { AppContext } from "../../http/app-types.ts";
import { problemResponse } from "../../http/problems/errors.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { page, pagePolicy } from "./page.ts";

/** Answers an unknown path: a browser that navigates gets a page, a program the problem. */
export async function answerNotFound(c: AppContext): Promise<Response> {
  c.header("Vary", "Accept", { append: true });
  if (!c.req.header("Accept")?.includes("text/html")) {
    return problemResponse(c, new ProblemError("NOT_FOUND", "There is nothing here."));
  }
  c.res = await c.html(page("There is nothing here", CONTENT), 404);
  await pagePolicy(c, async () => {});
  return c.res;
}

const CONTENT = html`<p>
  Perhaps you are looking for the <a href="/docs">API reference</a>, the
  <a href="/problems">problems</a> or the <a href="/">start page</a>.
</p>`;
