import { html } from "hono/html";
import type { App } from "./app-types.ts";
import { type ProblemCode, ProblemError, PROBLEMS, problemType } from "./problems.ts";

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** The pages behind the `type` of a problem, made from the one table of problems. */
export function serveProblemPages(app: App): void {
  app.get("/problems", (c) =>
    c.html(
      page(
        "Problems",
        html`<ul>
          ${CODES.map((code) => html`<li><a href="${problemType(code)}">${code}</a></li>`)}
        </ul>`,
      ),
    ),
  );
  app.get("/problems/:name", (c) => {
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

const page = (title: string, body: ReturnType<typeof html>) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
      </head>
      <body>
        <h1>${title}</h1>
        ${body}
      </body>
    </html>`;
