import { html } from "hono/html";
import type { App } from "../../http/app-types.ts";
import { INFO } from "../openapi/info.ts";
import { revalidated } from "../../http/headers/revalidated.ts";
import { page, pagePolicy } from "./page.ts";

const LINKS = [
  ["/docs", "API reference", "every operation, with examples to try"],
  ["/openapi.json", "OpenAPI 3.1 document", "to generate a client from"],
  ["/llms.txt", "llms.txt", "the whole API on one page, for a coding assistant"],
  ["/problems", "Problems", "every error code and what to do about it"],
  ["/health", "Health", "answers while the Worker runs"],
] as const;

/** Serves the page at the server's bare address, with links to all others. */
export function serveLanding(app: App): void {
  app.get("/", pagePolicy, revalidated, (c) =>
    c.html(
      page(
        "Start here",
        html`<p>${INFO.info.summary}</p>
          <dl>
            ${LINKS.map(
              ([path, name, what]) =>
                html`<dt><a href="${path}">${name}</a></dt>
                  <dd>${what}</dd>`,
            )}
          </dl>`,
      ),
    ),
  );
}
