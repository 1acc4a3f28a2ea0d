import { html } from "hono/html";
import { secureHeaders } from "hono/secure-headers";

type Html = ReturnType<typeof html>;

/** Our own pages may load a stylesheet and an icon from this server, and nothing else. */
export const PAGE_SOURCES = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

export const pagePolicy = secureHeaders({ contentSecurityPolicy: PAGE_SOURCES });

export const page = (title: string, body: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · OCR invoice job groups</title>
        <link rel="icon" href="/favicon.svg" />
        <link rel="stylesheet" href="/page.css" />
      </head>
      <body>
        <header>
          <a href="/">OCR invoice job groups</a>
          <nav aria-label="Pages">
            <a href="/dashboard">Dashboard</a> <a href="/docs">Reference</a>
            <a href="/problems">Problems</a>
          </nav>
        </header>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
