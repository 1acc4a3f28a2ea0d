import { html } from "hono/html";
import { secureHeaders } from "hono/secure-headers";
import type { App } from "../../http/app-types.ts";
import { revalidated } from "../../http/headers/revalidated.ts";
import { flow } from "./flow.ts";
import { page, PAGE_SOURCES } from "./page.ts";
import { walkThrough } from "./walk-through.ts";

/** The page's one script copies commands. */
const policy = secureHeaders({
  contentSecurityPolicy: { ...PAGE_SOURCES, scriptSrc: ["'self'"] },
});

const LINKS = [
  ["/docs", "API reference", "every operation, with examples to try"],
  ["/openapi.json", "OpenAPI 3.1 document", "to generate a client from"],
  ["/llms.txt", "llms.txt", "the whole API on one page, for a coding assistant"],
  ["/problems", "Problems", "every error code and what to do about it"],
  ["/health", "Health", "answers while the Worker runs"],
] as const;

/** Serves the page at the server's bare address: the API in two sentences, a picture, and a few commands. */
export function serveLanding(app: App): void {
  app.get("/", policy, revalidated, (c) =>
    c.html(
      page(
        "Batches of invoices, counted exactly",
        html`<p class="lead">
            Hand in a batch of documents; your OCR processors claim them one by one and report what
            they read. The counters of the batch add up in every answer, whatever is retried,
            repeated, timed out or killed.
          </p>
          <p class="calls">
            <a class="call" href="/dashboard">Open the dashboard</a>
            <a href="/docs">API reference</a>
          </p>
          ${flow()}
          <h2>Try it</h2>
          <ol class="walk-through">
            ${walkThrough(new URL(c.req.url).origin).map(
              ({ title, code }) =>
                html`<li>
                  <p>${title} <button type="button" hidden>Copy</button></p>
                  <pre tabindex="0"><code>${code}</code></pre>
                </li>`,
            )}
          </ol>
          <p>The dashboard shows each step as it happens.</p>
          <h2>More</h2>
          <dl class="links">
            ${LINKS.map(
              ([path, name, what]) =>
                html`<div>
                  <dt><a href="${path}">${name}</a></dt>
                  <dd>${what}</dd>
                </div>`,
            )}
          </dl>
          <script src="/landing.js"></script>`,
      ),
    ),
  );
}
