import { html } from "hono/html";
import type { App } from "../../http/app-types.ts";
import { type ProblemCode, PROBLEMS, problemType } from "../../http/problems/problems.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { revalidated } from "../../http/headers/revalidated.ts";
import { page, pagePolicy } from "./page.ts";

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** Serves the list of problems, and the page that each problem's `type` links to. */
export function serveProblemPages(app: App): void {
  app.get("/problems", pagePolicy, revalidated, (c) =>
    c.html(
      page(
        "Problems",
        html`<p>Every failed answer has one of these codes in its <code>code</code>.</p>
          <table>
            <thead>
              <tr>
                <th scope="col">Status</th>
                <th scope="col">Code</th>
                <th scope="col">Meaning</th>
              </tr>
            </thead>
            <tbody>
              ${CODES.map(row)}
            </tbody>
          </table>`,
      ),
    ),
  );
  app.get("/problems/:name", pagePolicy, revalidated, (c) => {
    const code = CODES.find((known) => problemType(known) === c.req.path);
    if (code === undefined) throw new ProblemError("NOT_FOUND", "There is no such problem.");
    const { status, title, advice } = PROBLEMS[code];
    return c.html(
      page(
        title,
        html`<p>${status} <code>${code}</code></p>
          <p>${advice}</p>`,
      ),
    );
  });
}

const row = (code: ProblemCode) =>
  html`<tr>
    <td>${PROBLEMS[code].status}</td>
    <td>
      <a href="${problemType(code)}"><code>${code}</code></a>
    </td>
    <td>${PROBLEMS[code].title}</td>
  </tr>`;
