import { html } from "hono/html";
import { secureHeaders } from "hono/secure-headers";
import type { App } from "../../http/app-types.ts";
import { revalidated } from "../../http/headers/revalidated.ts";
import { PAGE_SOURCES } from "./page.ts";

const policy = secureHeaders({
  contentSecurityPolicy: {
    ...PAGE_SOURCES,
    scriptSrc: ["'self'"],
    // Scalar sets style attributes, and inserts style elements without a nonce.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", "data:"],
    connectSrc: ["'self'"],
  },
});

/** Serves the API reference. The page loads everything from this server. */
export function serveDocs(app: App): void {
  app.get("/docs", policy, revalidated, (c) =>
    c.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>API reference · OCR invoice job groups</title>
            <link rel="icon" href="/favicon.svg" />
          </head>
          <body>
            <div id="reference"></div>
            <script src="/scalar.js"></script>
            <script src="/docs.js"></script>
          </body>
        </html>`,
    ),
  );
}
