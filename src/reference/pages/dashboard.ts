import { html } from "hono/html";
import { secureHeaders } from "hono/secure-headers";
import type { App } from "../../http/app-types.ts";
import { revalidated } from "../../http/headers/revalidated.ts";
import { PAGE_SOURCES } from "./page.ts";

const policy = secureHeaders({
  contentSecurityPolicy: {
    ...PAGE_SOURCES,
    scriptSrc: ["'self'"],
    connectSrc: ["'self'"],
    // Documents, which the script has fetched with the key.
    imgSrc: ["'self'", "blob:"],
    frameSrc: ["blob:"],
  },
});

/** The dashboard. The page is empty: the script from `src/dashboard` fills it through the API. */
export function serveDashboard(app: App): void {
  app.get("/dashboard/*", policy, revalidated, (c) =>
    c.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <title>Job groups</title>
            <link rel="icon" href="/favicon.svg" />
            <link rel="stylesheet" href="/dashboard/style.css" />
            <script type="module" src="/dashboard/main.js"></script>
          </head>
          <body>
            <div id="dashboard"></div>
            <noscript>The dashboard needs JavaScript. The API itself does not: see /docs.</noscript>
          </body>
        </html>`,
    ),
  );
}
