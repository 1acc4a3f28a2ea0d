import { html } from "hono/html";
import type { App } from "../../http/app-types.ts";
import { revalidated } from "../../http/headers/revalidated.ts";
import { type ProblemCode, PROBLEMS, problemType } from "../../http/problems/problems.ts";
import { problemExample } from "../openapi/document.ts";
import { viewerPath } from "../openapi/for-viewer.ts";
import { type Document, operationsOf, problemsOf } from "../openapi/operations.ts";
import { page, pagePolicy } from "./page.ts";

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** Serves the list of problems, and the page that each problem's `type` links to. */
export function serveProblemPages(app: App, describe: () => Document): void {
  app.get("/problems", pagePolicy, revalidated, (c) =>
    c.html(
      page(
        "Problems",
        html`<p>Every failed answer has one of these codes in its <code>code</code>.</p>
          <table>
            <thead>
              <tr>
                <th scope="col">Status</th>
                <th scope="col">Code and meaning</th>
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
    const path = c.req.path.toLowerCase().replaceAll("_", "-");
    const code = CODES.find((known) => problemType(known) === path);
    if (code === undefined) return c.notFound();
    // People paste the code itself.
    if (path !== c.req.path) return c.redirect(path, 301);
    return c.html(page(PROBLEMS[code].title, content(code, describe())));
  });
}

const row = (code: ProblemCode) =>
  html`<tr>
    <td>${PROBLEMS[code].status}</td>
    <td>
      <a href="${problemType(code)}"><code>${code}</code></a
      ><br />
      ${PROBLEMS[code].title}
    </td>
  </tr>`;

const content = (code: ProblemCode, document: Document) =>
  html`<p>${PROBLEMS[code].status} <code>${code}</code></p>
    <h2>What to do</h2>
    <p>${withCode(PROBLEMS[code].advice)}</p>
    <h2>Where it comes from</h2>
    ${origin(code, document)}
    <h2>An example</h2>
    <pre><code>${JSON.stringify(problemExample(code).value, null, 2)}</code></pre>`;

/** Markdown's code between backticks, as HTML. */
const withCode = (text: string) =>
  text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));

function origin(code: ProblemCode, document: Document) {
  const operations = operationsOf(document).map(({ operation }) => operation);
  const answering = operations.filter(({ responses }) =>
    Object.values(responses).some((response) => problemsOf(response).includes(code)),
  );
  if (answering.length === 0)
    return html`<p>From no operation: the path or its method is wrong.</p>`;
  if (answering.length === operations.length) return html`<p>From every operation.</p>`;
  const keyed = operations.filter(({ security }) => security === undefined);
  if (keyed.every((operation) => answering.includes(operation)))
    return html`<p>From every operation that asks for a key.</p>`;
  return html`<ul>
    ${answering.map(
      (operation) =>
        html`<li>
          <a href="${viewerPath(operation)}">${operation.operationId}</a>: ${operation.summary}
        </li>`,
    )}
  </ul>`;
}
